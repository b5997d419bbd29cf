"""The scripts on syntax trees: what they find in their samples, where their first versions fail, and odd files."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "code-examples" / "ast"
SAMPLES = {
    "extract_function_names": "function_names",
    "extract_class_names": "class_names",
    "extract_type_annotations": "type_annotations",
    "extract_call_arguments": "call_arguments",
    "synthesise_a_call": "synthesise",
    "instrument_a_handler": "handler",
}
EXTRACTORS = {name: sample for name, sample in SAMPLES.items() if name.startswith("extract_")}
each_script = pytest.mark.parametrize("script", SAMPLES)

Golden = Callable[[str, str], None]


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A script as a user starts it, in its own folder."""
    return subprocess.run(
        [sys.executable, f"{script}.py", *arguments],
        cwd=FOLDER,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def module(script: str) -> ModuleType:
    return import_module(script)


def sample(script: str) -> str:
    return (FOLDER / "samples" / f"{SAMPLES[script]}.py").read_text(encoding="utf-8")


def answer(script: str, text: str) -> list[Any]:
    found: list[Any] = getattr(module(script), EXTRACTORS[script])(text)
    return found


def test_every_script_is_tested_and_in_the_readme() -> None:
    scripts = {file.stem for file in FOLDER.glob("*.py")} - {"source_file"}
    assert scripts == set(SAMPLES)
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for script, name in SAMPLES.items():
        assert f"[{script}.py]({script}.py)" in readme
        assert f"`samples/{name}.py`" in readme


@each_script
def test_the_sample_prints_what_it_should(script: str, golden: Golden) -> None:
    done = run(script, f"samples/{SAMPLES[script]}.py")
    assert (done.returncode, done.stderr) == (0, "")
    golden(f"{script}.txt", done.stdout)


@each_script
def test_what_a_learner_reads_fits_on_a_slide(script: str) -> None:
    for name, function in vars(module(script)).items():
        if inspect.isfunction(function) and function.__module__ == script:
            assert len(inspect.getsource(function).splitlines()) <= 28, name


# What the first version makes of the sample: an error that it raises, or what it misses.
def test_the_first_function_names_miss_methods_nested_and_async_functions() -> None:
    script = "extract_function_names"
    first = {name for _, name in module(script).first_version(sample(script))}
    better = {name.rpartition(".")[2] for _, name in answer(script, sample(script))}
    assert better - first == {"register", "notify", "__init__", "share", "send_one", "shrink", "<lambda>"}
    assert first == {"route", "take_in"}


@pytest.mark.parametrize("script", ["extract_class_names", "extract_type_annotations", "extract_call_arguments"])
def test_the_first_version_takes_everything_for_a_plain_name(script: str) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'id'"):
        module(script).first_version(sample(script))


def test_pasted_text_does_not_stay_one_text() -> None:
    script = module("synthesise_a_call")
    with pytest.raises(SyntaxError):
        ast.parse(script.first_version("woken", "it's.jpg"))
    hostile = "' + exit() + '"
    assert "exit" in {
        node.id for node in ast.walk(ast.parse(script.first_version("woken", hostile))) if hasattr(node, "id")
    }
    call = ast.parse(ast.unparse(script.event_call("a.woken", {"Records": [{"key": hostile}]})), mode="eval").body
    assert isinstance(call, ast.Call)
    assert ast.unparse(call.func) == "a.woken"
    assert ast.literal_eval(call.args[0]) == {"Records": [{"key": hostile}]}
    assert not [node for node in ast.walk(call.args[0]) if isinstance(node, ast.Call)]


def test_the_first_instrumentation_loses_comments_and_calls_behind_a_return() -> None:
    script, text = module("instrument_a_handler"), sample("instrument_a_handler")
    first, better = script.first_version(text), script.instrument(text)
    assert "# the original" not in first
    assert "# the original" in better
    body = ast.parse(first).body[3].body
    assert isinstance(body[-2], ast.Return)
    assert "woken_handler" in ast.unparse(body[-1])


# What the better versions bear.
@pytest.mark.parametrize(
    ("script", "text", "expected"),
    [
        ("extract_function_names", "@a\n@b()\ndef f(): pass", [(3, "f")]),
        ("extract_function_names", "try:\n  def f(): pass\nexcept E:\n  async def f(): pass", [(2, "f"), (4, "f")]),
        ("extract_function_names", "class A:\n  class B:\n    def f(self): pass", [(3, "A.B.f")]),
        ("extract_function_names", "def f(key=lambda x: x): pass", [(1, "<lambda>"), (1, "f")]),
        ("extract_class_names", "class A(x.y[0], metaclass = M): pass", [(1, "A", ["x.y[0]", "metaclass = M"])]),
        ("extract_class_names", "class A(f(\n  b)): pass", [(1, "A", ["f(b)"])]),
        ("extract_type_annotations", "def f(a: int | None): pass", [(1, "a", "int | None", ["int", "None"])]),
        ("extract_type_annotations", "x: t.List[float]", [(1, "x", "t.List[float]", ["t.List", "float"])]),
        ("extract_type_annotations", "x: 'A | B'", [(1, "x", "'A | B'", ["A", "B"])]),
        ("extract_type_annotations", "x: 'not a type'", [(1, "x", "'not a type'", ["not a type"])]),
        ("extract_type_annotations", "x: t.Literal['A']", [(1, "x", "t.Literal['A']", ["t.Literal"])]),
        ("extract_type_annotations", "x: tuple[int, ...]", [(1, "x", "tuple[int, ...]", ["tuple", "int", "..."])]),
        ("extract_type_annotations", "x: A['B', 'C']", [(1, "x", "A['B', 'C']", ["A", "B", "C"])]),
        (
            "extract_type_annotations",
            "async def f(a: A, /, b: B, *c: C, d: D, **e: E) -> F: pass",
            [(1, f"{name}{'()' * (name == 'f')}", name.upper(), [name.upper()]) for name in "abcdef"],
        ),
        ("extract_call_arguments", "f(a, *b, c, d=1, **e)", [(1, "f", [*zip("0*?d*", "abc1e", strict=True)])]),
        ("extract_call_arguments", "a.b.c()", [(1, "a.b.c", [])]),
        ("extract_call_arguments", "f(g(x))", [(1, "f", [("0", "g(x)")]), (1, "g", [("0", "x")])]),
        ("extract_call_arguments", "f(x := 1)", [(1, "f", [("0", "x := 1")])]),
        ("extract_call_arguments", "f(k  for k in x)", [(1, "f", [("0", "(k  for k in x)")])]),
        ("extract_call_arguments", "(lambda: 0)()", [(1, "lambda: 0", [])]),
    ],
)  # fmt: skip
def test_what_they_find(script: str, text: str, expected: list[Any]) -> None:
    if "**e)" in text:
        expected[0][2][-1] = ("**", "e")
    assert answer(script, text) == expected


def test_the_call_in_an_f_string_is_found_in_every_python() -> None:
    found = answer("extract_call_arguments", "x = f'{shrink(photo)!r}'\n")
    assert [(function, arguments) for _, function, arguments in found] == [("shrink", [("0", "photo")])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): pass", "f()"),
        ("def f(a, b=1): pass", "f(a, b)"),
        ("def f(a, /, *b, c, **d): pass", "f(a, *b, c=c, **d)"),
        ("async def f(a): pass", "await f(a)"),
    ],
)
def test_parameters_are_handed_on_in_the_way_they_are_asked_for(text: str, expected: str) -> None:
    script = module("synthesise_a_call")
    assert ast.unparse(script.hand_on(ast.parse(text).body[0])) == expected


CALL = "s3.put_object(Bucket=b, Key=k)"
WOKEN = "woken_handler({'Records': [{'s3': {'bucket': {'name': b}, 'object': {'key': k}}}]}, None)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{CALL}\n", f"{CALL}\n{WOKEN}\n"),
        (f"{CALL}  # why", f"{CALL}  # why\n{WOKEN}"),
        (f"if x:\n\t{CALL}\n", f"if x:\n\t{CALL}\n\t{WOKEN}\n"),
        (f"if x: {CALL}\n", f"if x: {CALL}; {WOKEN}\n"),
        (f"{CALL}; done()\n", f"{CALL}; {WOKEN}; done()\n"),
        (f"def f():\n  return {CALL}\n", f"def f():\n  {WOKEN}; return {CALL}\n"),
        ("s3.put_object(Bucket=(b  # name\n), Key=k)\n", f"s3.put_object(Bucket=(b  # name\n), Key=k)\n{WOKEN}\n"),
        (f"if {CALL}: pass\n", None),
        (f"x = [{CALL} for k in y]\n", None),
        (f"x = lambda k: {CALL}\n", None),
        ("s3.put_object(**x)\n", None),
    ],
)
def test_the_woken_handler_is_called_beside_the_call(text: str, expected: str | None) -> None:
    script = module("instrument_a_handler")
    assert script.instrument(text) == (expected or text)
    ast.parse(script.instrument(text))
    said = [line for line in script.show(text) if "is left out" in line]
    assert len(said) == (expected is None)


def test_instrumenting_keeps_every_character_of_the_file() -> None:
    text = sample("instrument_a_handler")
    added = module("instrument_a_handler").instrument(text)
    rest = iter(added)
    assert all(character in rest for character in text)  # in the same order


# Odd files.
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"def f(:\n", "odd.py does not parse, line 1: "),
        (b"x = 1\ny = 'caf\xe9'\n", "odd.py is not utf-8 from line 2 on: save it as UTF-8."),
        (b"# -*- coding: klingon -*-\n", "odd.py is in no encoding that Python accepts: save it as UTF-8."),
        (b"x = 1\0\n", "odd.py "),
        (b"x = " + b"(" * 500 + b")" * 500, "odd.py "),
        (b"x = " + b"-" * 90_000 + b"1", "odd.py "),
        (None, "odd.py cannot be read: "),
    ],
)
@each_script
def test_an_odd_file_gives_one_sentence(script: str, content: bytes | None, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.py"
    if content is not None:
        file.write_bytes(content)
    done = run(script, str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.removeprefix(f"{tmp_path}{os.sep}").startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@each_script
def test_an_empty_file_and_one_in_latin_1_are_read(script: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.py"
    for content in (b"", b"\xef\xbb\xbf", "# -*- coding: latin-1 -*-\nx = 'café'\n".encode("latin-1")):
        file.write_bytes(content)
        done = run(script, str(file))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("no ")


@pytest.mark.parametrize("script", ["extract_function_names", "extract_class_names", "extract_call_arguments"])
def test_a_long_sum_is_walked_or_refused_in_one_sentence(script: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.py"
    file.write_text("x = " + " + ".join(["1"] * 2_000), encoding="utf-8")
    done = run(script, str(file))
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr


def test_without_a_file_the_usage_is_shown() -> None:
    done = run("extract_class_names")
    assert (done.returncode, done.stderr) == (2, "usage: python extract_class_names.py FILE\n")


def test_the_readme_shows_what_the_script_prints() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    block = readme.split("```console\n")[1].split("```")[0]
    command, *shown = block.splitlines()
    assert command == "$ python extract_call_arguments.py samples/call_arguments.py | head -n 4"
    assert shown == run("extract_call_arguments", "samples/call_arguments.py").stdout.splitlines()[:4]


@each_script
def test_they_read_every_module_of_the_kit(script: str) -> None:
    files = sorted((FOLDER.parents[1] / "sls_lab").rglob("*.py"))
    assert len(files) > 100
    for file in files:
        assert all(isinstance(line, str) for line in module(script).show(file.read_text(encoding="utf-8")))
