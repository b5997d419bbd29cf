"""The difference between two texts, in the colours of code."""

from __future__ import annotations

from typing import Any

from sls_lab.widgets.differences import difference_view


def coloured_parts(line: list[Any]) -> list[tuple[str, str]]:
    """The coloured pieces of a line, with their kinds."""
    _, text, colours = line
    units = text.encode("utf-16-le")
    pieces, at = [], 0
    for skip, length, kind in zip(*(iter(colours["runs"]),) * 3, strict=True):
        at += skip
        pieces.append((colours["kinds"][kind], units[2 * at : 2 * (at + length)].decode("utf-16-le")))
        at += length
    return pieces


def test_each_line_has_the_colours_of_its_own_file() -> None:
    shown = difference_view("a.py", "import os\nname = 1\n", "import os\nname = 'x'\n")
    assert [look for look, *_ in shown] == ["header", "header", "hunk", "same", "removed", "added"]
    assert [coloured_parts(line) for line in shown] == [
        [], [], [], [("keyword", "import")], [("number", "1")], [("string", "'x'")]
    ]  # fmt: skip


def test_a_string_that_began_before_the_hunk_is_one() -> None:
    before = '"""one\n' + "two\n" * 8 + 'end"""\nx = 1\n'
    shown = difference_view("a.py", before, before.replace("x = 1", "x = 2"))
    same = [coloured_parts(line) for line in shown if line[0] == "same"]
    assert same == [[("string", "two")], [("string", "two")], [("string", 'end"""')]]


def test_places_are_counted_as_the_browser_counts() -> None:
    (added,) = [line for line in difference_view("a.py", "", "a = '🎵'\n") if line[0] == "added"]
    assert coloured_parts(added) == [("string", "'🎵'")]


def test_what_is_no_code_has_no_colours_and_loses_no_line() -> None:
    shown = difference_view("notes.txt", "a\nb", "a\nc")
    assert [(look, line) for look, line, _ in shown[3:]] == [
        ("same", " a"), ("removed", "-b"), ("hunk", "\\ No newline at end of file"), ("added", "+c"),
        ("hunk", "\\ No newline at end of file"),
    ]  # fmt: skip
    assert all(colours["runs"] == [] for *_, colours in shown)


def test_nothing_differs() -> None:
    assert difference_view("a.py", "x\n", "x\n") == []
