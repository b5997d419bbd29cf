"""Lines for another Python than the one that runs, and mistakes in any."""

from __future__ import annotations

import sys

import pytest

from sls_lab.facts import Diagnostic
from sls_lab.python.parsing import parse_text
from sls_lab.python.versions import Version, is_python_2, newer_version


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("type Event = dict[str, str]", (3, 12)),
        ("    type Pair[T] = tuple[T, T]", (3, 12)),
        ("def first[T](items: list[T]) -> T:", (3, 12)),
        ("async def first[*Ts](items): pass", (3, 12)),
        ("class Box[T]:", (3, 12)),
        ('os.system(f"echo {first([event["body"]])}")', (3, 12)),
        ("x = rf'{'a'.join(b)} c'", (3, 12)),
        ("except ValueError, json.JSONDecodeError:", (3, 14)),
        ("except* KeyError, OSError, ValueError:", (3, 14)),
        ('query = t"SELECT {name}"', (3, 14)),
        ("lazy from app import lib", (3, 15)),
        ("except ValueError, error:", None),
        ("def first(items:", None),
        ("class Box", None),
        ("type = 1 +", None),
        ('x = f"{a"', None),
        ('x = f"{a}" "b', None),
        ("x = f\"{a['b'}\"", None),
        ("x = list[", None),
        ('x = get"', None),
    ],
)
def test_a_line_is_known_by_what_its_version_brought(line: str, version: Version | None) -> None:
    assert newer_version(line, (3, 11)) == version
    assert newer_version(line, (3, 15)) is None


@pytest.mark.parametrize("line", ["print 'x'", "except ValueError, error:", "x = 0777", "raise E, 'text'", "x <> y"])
def test_python_2_is_not_taken_for_a_later_one(line: str) -> None:
    assert is_python_2(line) and newer_version(line, (3, 11)) is None


def test_a_file_for_a_later_python_says_which() -> None:
    text = "lazy import json"
    version = newer_version(text, (3, 0))
    found = parse_text("app.py", text)
    assert version is not None and isinstance(found, Diagnostic)
    if sys.version_info < version:
        assert found.code == "newer-python"
        assert "Python {}.{}".format(*version) in found.message and "correct" not in found.message
