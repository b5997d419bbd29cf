"""Sources that are written for a later Python than the one that runs."""

from __future__ import annotations

import ast
import time

import pytest

from sls_lab.facts import Diagnostic
from sls_lab.python import later_syntax
from sls_lab.python.later_syntax import later_forms, parse_module
from sls_lab.python.parsing import parse_text


@pytest.mark.parametrize(
    ("text", "older"),
    [
        ("""f"{a["b"]}" """, """f"{a['b']}" """),
        ("""f"x{f"{f"{a}"}"}" """, "f'''x{f\"\"\"{f'{a}'}\"\"\"}'''"),
        ("""f"{a["b"]!r:>{"5"}} {{}}" 'c' "d" """, """f"{a['b']!r:>{'5'}} {{}}cd" """),
        ("""f"{a["b"]=}" """, """f'{a["b"]=}'"""),
        ('f"{\n    a["b"]  # why\n}"', """f"{a['b']}" """),
        ('f"\\t\\N{BULLET}{a["b"]}\\n"', """f"\\t\\N{BULLET}{a['b']}\\n" """),
        ('rf"\\d{a["b"]}\\"', None),
        ("""f'''"{a['''b''']}"'''""", """f'''"{a["b"]}"'''"""),
        ("""f"{a != "b"}{x[a:"b"]}" """, """f"{a != 'b'}{x[a:'b']}" """),
        ("def first[T: int, *A, **P](items): pass", "def first(items): pass"),
        ("class Box[\n    T,\n    U = dict[str, int],\n](Base): pass", "class Box(Base): pass"),
        ("async def run[T](): pass", "async def run(): pass"),
        ("try: pass\nexcept ValueError, a.TypeError: pass", "try: pass\nexcept ValueError | a.TypeError: pass"),
    ],
)
def test_what_is_later_is_read_as_what_it_means(text: str, older: str | None) -> None:
    if older is None:
        with pytest.raises(SyntaxError):
            parse_module(text)
    else:
        found = later_syntax._parsed_later(text)
        assert found is not None and ast.dump(found) == ast.dump(ast.parse(older))


def test_a_type_is_a_variable() -> None:
    tree = parse_module("if x:\n    type Pair[T] = tuple[T, T]\n")
    assert any(isinstance(node, ast.Name) and node.id == "Pair" for node in ast.walk(tree)) or any(
        type(node).__name__ == "TypeAlias" for node in ast.walk(tree)
    )


def test_every_node_is_where_it_is_written() -> None:
    text = 'def é[T](x):\n    return "é" + f"é{g(x["é"], é=h(\n  x))} {"é"}" f"{x}"\n'
    found = later_syntax._parsed_later(text)
    assert found is not None
    written = [ast.get_source_segment(text, node) for node in ast.walk(found) if isinstance(node, ast.Call)]
    assert written == ['g(x["é"], é=h(\n  x))', "h(\n  x)"]
    strings = [ast.get_source_segment(text, node) for node in ast.walk(found) if isinstance(node, ast.JoinedStr)]
    assert strings == ['f"é{g(x["é"], é=h(\n  x))} {"é"}" f"{x}"']


def test_a_backslash_within_braces_can_be_written_again() -> None:
    found = later_syntax._parsed_later("""f"a{'\\n'.join(x)} {"it's" + '"'} {"'''" + '\\"\\"\\"'}" """)
    assert found is not None and ast.parse(ast.unparse(found))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("try: pass\nexcept A, b.C: pass", ["(A, b.C)"]),
        ("try: pass\nexcept* A, B: pass", ["(A, B)"]),
        ("def f[T = int](): pass", [" " * 9]),
        ("x = Rt'{a}'", ["Rf"]),
        ("def f[T](): x = 'except A, B:'  # except A, B:", []),
        ("try: pass\nexcept (A, B): pass", []),
    ],
)
def test_what_python_3_12_does_not_know_has_an_older_form(text: str, forms: list[str]) -> None:
    assert [written for _, _, written in later_forms(text)] == forms


@pytest.mark.parametrize("text", ['f"{a["b"}"', 'f"{', "f'{a", "def f[T(x): pass", "print 'x'", 'f"{}{"a"}"', '"'])
def test_what_is_wrong_in_every_python_stays_wrong(text: str) -> None:
    assert isinstance(parse_text("app.py", text), Diagnostic)


def test_strings_within_each_other_have_an_end() -> None:
    assert isinstance(parse_text("app.py", 'f"{' * 400 + '"' * 400), Diagnostic)


@pytest.mark.parametrize("text", ['f"a}" f"{b["c"]}"', 'f"\\N{BULLET}}{b["c"]}"', 'f"}}}{b["c"]}"'])
def test_a_brace_that_closes_nothing_is_no_later_python(text: str) -> None:
    with pytest.raises(SyntaxError):
        parse_module(text)


LATER = 'y = f"{"a"}"\n'
LONG = {
    "strings": LATER + "z = [" + '"a",' * 60_000 + "]\n",
    "f-strings": LATER * 20_000,
    "braces that never end": 'x = f"' + "{a:" * 40_000 + "\n",
    "braces": 'x = f"' + "{" * 60_000 + "\n",
}


@pytest.mark.parametrize("name", LONG)
def test_what_is_long_is_read_or_refused_in_time(name: str) -> None:
    started = time.process_time()
    parse_text("a.py", LONG[name])
    assert time.process_time() - started < 5


def test_strings_within_strings_are_not_read_again_without_end() -> None:
    nested = "x"
    for _ in range(14):
        nested = 'f"{' + nested + "}{" + nested + '}"'
    found = parse_text("a.py", nested)
    assert isinstance(found, Diagnostic)
    assert found.code == "newer-python"
