"""Long sources parsed part by part: the same trees, places and errors as when they are parsed as a whole."""

from __future__ import annotations

import ast

import pytest

from sls_lab.python import parsing_in_parts
from sls_lab.python.parsing_in_parts import parse_long, parses_in_parts

DEF = "def first(a):\n    return a\n\n\n"
SOURCES = {
    "functions": DEF
    + "@traced\n@cached\ndef second():\n    pass\n\nclass Third:\n    x = 1\n\n    def inner(self): ...\n",
    "comment and decorator": DEF + "# about the next\n\n@traced\n\ndef second():\n    pass\n",
    "string": DEF + 'TEXT = """\ndef no_function():\n\ndef nor_this():\n    pass\n"""\n\ndef second(): pass\n',
    "string that looks like a program": DEF + 'TEXT = """\n\ndef no_function(): pass\n\n"""\n\nclass Second: pass\n',
    "brackets": DEF + "DATA = [\n\n1,\n\n2]\n\ndef second(): pass\n",
    "try": "try:\n    import one\n\nexcept ImportError:\n    one = None\n\nelse:\n    two = 2\n\ndef second(): pass\n",
    "line ends of Windows": DEF.replace("\n", "\r\n") * 3,
    "lone carriage return": DEF + "x = 1\r\n\ny = 2\rz = 3\n\n" + DEF,
    "other letters": DEF + "größe = 'ä€😀'\n\n" + DEF,
    "empty": "",
}


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing_in_parts, "_PART", 8)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_tree_is_that_of_the_whole(source: str) -> None:
    whole = ast.parse(source)
    assert ast.dump(parse_long(source), include_attributes=True) == ast.dump(whole, include_attributes=True)


def test_parts_are_parsed_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    real = ast.parse

    def parse(text: str) -> ast.Module:
        given.append(text)
        return real(text)

    monkeypatch.setattr(ast, "parse", parse)
    assert len(parse_long(DEF * 5).body) == 5
    assert [text.count("def") for text in given] == [1, 1, 1, 1, 1]
    assert given[-1].startswith("\n" * 16)


@pytest.mark.parametrize("wrong", ["def second(:\n    pass\n", "x = '\n", "  y = 1\n", "else:\n    pass\n"])
def test_an_error_has_its_place_in_the_whole(wrong: str) -> None:
    source = DEF * 3 + wrong + "\n\n" + DEF
    with pytest.raises(SyntaxError) as whole:
        ast.parse(source)
    with pytest.raises(SyntaxError) as parted:
        parse_long(source)
    assert (parted.value.lineno, parted.value.offset) == (whole.value.lineno, whole.value.offset)
    assert not parses_in_parts(source)


def test_what_parses_as_parts_is_said_to_parse() -> None:
    assert parses_in_parts(DEF * 3)
    assert not parses_in_parts("x = (\n\ndef f(): pass\n")
