"""Which expressions are texts that stay the same, and which are not."""

from __future__ import annotations

import ast

import pytest

from sls_lab.code import Module
from sls_lab.python.parsing import parse_text
from sls_lab.rewrite.constants import Constants

PLACES = """
import os
from pathlib import Path
TMP = "/tmp"
REPORT = os.path.join(TMP, "report.txt")
TWICE = "a"
TWICE = "b"
CHANGED = "c"
class Places:
    STATE = TMP + "/state"
CIRCLE = CIRCLE_2
CIRCLE_2 = CIRCLE
def change():
    global CHANGED
    CHANGED = read()
"""


def test_texts_that_double_themselves_cost_nothing() -> None:
    lines = ['A0 = "x" + "y"', *(f"A{number} = A{number - 1} + A{number - 1}" for number in range(1, 200))]
    using = module("use.py", "\n".join([*lines, "def use():", "    return A199, A5"]))
    function = using.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    returned = function.body[0]
    assert isinstance(returned, ast.Return) and isinstance(returned.value, ast.Tuple)
    constants = Constants({"use.py": using})
    assert [constants.text(using, function, one) for one in returned.value.elts] == [None, "xy" * 32]


def module(file: str, text: str, *names: str) -> Module:
    parsed = parse_text(file, text)
    assert isinstance(parsed, Module)
    return Module(parsed.file, parsed.text, parsed.tree, parsed.tokens, names)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("'a'", "a"),
        ("REPORT", "/tmp/report.txt"),
        ("places.REPORT", "/tmp/report.txt"),
        ("renamed", "/tmp/report.txt"),
        ("Places.STATE", "/tmp/state"),
        ("Places.OTHER", None),
        ("Path(places.TMP, 'a', 'b')", "/tmp/a/b"),
        ("f'{places.TMP}/x'", "/tmp/x"),
        ("places.TMP + '/x'", "/tmp/x"),
        ("Path(places.TMP) / 'x'", "/tmp/x"),
        ("str(Path('/tmp', ))", "/tmp"),
        ("tempfile.gettempdir() + '/x'", "/tmp/x"),
        ("local", "/tmp/local"),
        ("relative", "/tmp"),
        ("places.TWICE", None),
        ("places.CHANGED", None),
        ("places.CIRCLE", None),
        ("places.NOTHING", None),
        ("parameter", None),
        ("either", None),
        ("f'{places.TMP!r}'", None),
        ("f'{places.TMP:>9}'", None),
        ("read()", None),
        ("1", None),
    ],
)
def test_the_text_of_an_expression(expression: str, text: str | None) -> None:
    using = module(
        "lib/use.py",
        f"""
import tempfile
from pathlib import Path
from lib import places
from lib.places import REPORT, REPORT as renamed, Places
from .places import TMP as relative
def use(parameter):
    local = "/tmp/local"
    if parameter:
        either = "a"
    else:
        either = "b"
    return {expression}
""",
        "lib.use",
    )
    modules = {"lib/use.py": using, "lib/places.py": module("lib/places.py", PLACES, "lib.places")}
    function = using.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    returned = function.body[-1]
    assert isinstance(returned, ast.Return) and returned.value is not None
    assert Constants(modules).text(using, function, returned.value) == text
