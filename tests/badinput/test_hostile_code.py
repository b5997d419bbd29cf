"""Python that is wrong, odd or made to end the analysis: one sentence, or an answer, and never a traceback."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sls_lab.code.runtime_modules import LOADED_BEFORE
from tests.badinput.cases import GOOD_HANDLER, HEALTHY_FILES, Case, functions, http
from tests.badinput.test_bad_input import Walk, assert_clear, walk


def beside_healthy(root: Path, files: dict[str, str | bytes]) -> Walk:
    """One more function, `odd.handler`, with these files beside the healthy pair."""
    return walk(
        Case("odd", {"serverless.yml": functions(http("odd.handler")), **HEALTHY_FILES, **files}, ()).build(root)
    )


def sent(found: Walk, handler: str = "odd") -> list[str]:
    """The queues that a handler sends to, as patterns."""
    return [str(v) for c in found.code.calls if c.handler == handler for v in c.arguments["QueueUrl"].values]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"jobs-%*d" % (5, 1)', None),
        ('"jobs-%.*d" % (3, 1)', None),
        ('"jobs-%-*.*d" % (5, 3, 1)', None),
        ('"jobs-%.3d" % 7', "jobs-007"),
        ('"jobs-%5.3d" % 7', "jobs-  007"),
        ('"jobs-%03d" % 7', "jobs-007"),
        ('"jobs-%d-%s" % (7, "a")', "jobs-7-a"),
    ],
)
def test_widths_that_are_values(written: str, name: str | None, tmp_path: Path) -> None:
    code = f"import boto3\n\n\ndef handler(event, context):\n    boto3.client('sqs').send_message(QueueUrl={written})\n"
    found = sent(beside_healthy(tmp_path, {"odd.py": code}))
    assert len(found) == 1
    if name is not None:
        assert found == [name]


@pytest.mark.parametrize("codec", ["undefined", "punycode", "idna", "hex", "klingon", "utf-16", "rot13"])
def test_encodings_that_no_source_has(codec: str, tmp_path: Path) -> None:
    found = beside_healthy(tmp_path, {"odd.py": f"# coding: {codec}\n{GOOD_HANDLER}".encode()})
    assert set(found.code.handlers) == {"healthy", "woken"}
    assert_clear(found.code.unseen["odd"])


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_line_ends_are_counted_as_python_does(end: str, tmp_path: Path) -> None:
    code = HEALTHY_FILES["healthy.py"]
    assert isinstance(code, str)
    found = beside_healthy(tmp_path, {"odd.py": "x = 'é'\n".replace("\n", end) + code.replace("\n", end)})
    rewritten = found.rewriting.files["odd.py"]
    assert {edit.kind for edit in rewritten.edits} >= {"handler-call"}
    assert found.code.handlers["odd"].span.line == 7
    ast.parse(rewritten.text)


def test_a_lone_return_in_a_string(tmp_path: Path) -> None:
    code = 'x = """one\rtwo"""\n' + str(HEALTHY_FILES["healthy.py"])
    found = beside_healthy(tmp_path, {"odd.py": code})
    assert found.code.handlers["odd"].span.line == 8
    assert "handler-call" in {edit.kind for edit in found.rewriting.files["odd.py"].edits}
    ast.parse(found.rewriting.files["odd.py"].text)


SHADOWED = """\
import json
import os

import boto3


def handler(event, context):
    name = os.path.join("queues", json.loads('{"name": "jobs"}')["name"])
    boto3.client("sqs").send_message(QueueUrl=name)
"""


@pytest.mark.parametrize(
    "files",
    [
        {"os.py": "class path:\n    join = staticmethod(lambda *parts: None)\n"},
        {"json.py": "def loads(text):\n    return {'name': 'other'}\n"},
        {"json/__init__.py": "def loads(text):\n    return {'name': 'other'}\n"},
        {"sys.py": "", "os.py": "", "json.py": ""},
    ],
    ids=lambda files: "+".join(files),
)
def test_modules_that_the_runtime_has_loaded_are_pythons_own(files: dict[str, str | bytes], tmp_path: Path) -> None:
    found = beside_healthy(tmp_path, {"odd.py": SHADOWED, **files})
    assert sent(found) == ["queues/jobs"]
    said = {item.span.file for item in found.diagnostics if item.code == "module-shadowed" and item.span}
    assert said == set(files) - {"sys.py"}  # nothing imports sys
    assert not set(files) & set(found.code.modules)
    for item in found.diagnostics:
        assert_clear(item)


def test_other_modules_of_the_library_are_the_applications(tmp_path: Path) -> None:
    """`shutil` is loaded by nobody before the handler: the function's own folder comes first on the path."""
    code = "import boto3\nimport shutil\n\n\ndef handler(event, context):\n"
    code += "    boto3.client('sqs').send_message(QueueUrl=shutil.name())\n"
    found = beside_healthy(tmp_path, {"odd.py": code, "shutil.py": "def name():\n    return 'own'\n"})
    assert sent(found) == ["own"]


def test_a_folder_gives_way_to_a_module_of_python(tmp_path: Path) -> None:
    found = beside_healthy(tmp_path, {"odd.py": "import shelve\n\n\n" + GOOD_HANDLER, "shelve/books.py": "one = 1\n"})
    assert "shelve/books.py" not in found.code.modules
    assert found.diagnostics == ()


def test_a_handler_called_like_a_module_of_the_runtime_is_told(tmp_path: Path) -> None:
    files = {"serverless.yml": functions(http("json.handler")), **HEALTHY_FILES, "json.py": GOOD_HANDLER}
    found = walk(Case("json", files, ()).build(tmp_path))
    assert "odd" in found.code.handlers
    assert [item.code for item in found.diagnostics] == ["module-shadowed"]


def test_the_runtimes_modules_are_of_the_standard_library() -> None:
    assert {"os", "sys", "json", "logging", "re", "collections"} <= LOADED_BEFORE
    assert not {"subprocess", "shutil", "pickle", "boto3"} & LOADED_BEFORE
