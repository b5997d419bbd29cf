"""What makes a finding the same one."""

from __future__ import annotations

from sls_lab.facts import Span, identity

TEXT = "import os\n\ndef f(event):\n    os.system(\n        event\n    )\n"
TEXTS = {"a.py": TEXT}


def test_a_finding_is_its_source_without_the_layout() -> None:
    call = Span("a.py", 4, 4, 6, 5)
    assert identity("shell", call, TEXTS) == ("shell", "a.py", "os.system( event )")
    moved = {"a.py": "# a comment\n" + TEXT.replace("(\n        event\n    )", "( event )")}
    assert identity("shell", Span("a.py", 5, 4, 5, 22), moved) == identity("shell", call, TEXTS)


def test_another_code_file_or_source_is_another_finding() -> None:
    call = Span("a.py", 4, 4, 6, 5)
    found = {
        identity("shell", call, TEXTS),
        identity("path", call, TEXTS),
        identity("shell", Span("b.py", 4, 4, 6, 5), {"b.py": TEXT}),
        identity("shell", Span("a.py", 5, 8, 5, 13), TEXTS),
    }
    assert len(found) == 4


def test_a_place_between_characters_is_its_line() -> None:
    """A syntax error is between two characters; a place in a text that cannot be read has no source at all."""
    assert identity("syntax-error", Span("a.py", 3, 5, 3, 5), TEXTS) == ("syntax-error", "a.py", "def f(event):")
    assert identity("syntax-error", Span("a.py", 5, 2, 5, 4), TEXTS) == ("syntax-error", "a.py", "event")
    assert identity("unreadable", Span("gone.py", 1, 0, 1, 0), TEXTS) == ("unreadable", "gone.py", "")


def test_a_finding_without_a_place_is_its_code() -> None:
    assert identity("no-template", None, TEXTS) == ("no-template", "", "")
