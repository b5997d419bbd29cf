"""Where a quoted word stands in a shell's command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.taint.judge.shell_words import PROGRAM, Mark, misplaced

#: `@` stands for what is quoted.
RIGHT = [
    "ls @",
    "ls 'a' @",
    "ls 'a'@'b'",
    "ls --file=@ > @",
    "cd x && cat @; cat @",
    'ls "$(cat @)" x',
    "echo it\\'s @",
    "ls \\\\@",
    "grep -c @ file",
    "sudo ls @",
    "X=1 ls @",
    "# it's\nls @",
    "echo a;# 'x\nls @",
    "sh script.sh -c @",
    "cat <<< @",
    "cat <<'END'\nit's\nEND\nls @",
    'echo "it\'s" @',
    "echo '\"' @",
    'echo "its" @',
    'echo "" @',
]
WRONG = [
    ("ls '@'", "there are quotes around it"),
    ("ls 'a @ b'", "there are quotes around it"),
    ('ls "@"', "there are double quotes around it"),
    ('ls "$(cat "@")"', "there are double quotes around it"),
    ("echo \\'a '@'", "there are quotes around it"),
    ("echo a#'@'", "there are quotes around it"),
    ("ls \\@", "there is a backslash"),
    ("cat <<END\n@\nEND", "it is in a here-document"),
    ("cat <<-'END'\n@\nEND", "it is in a here-document"),
    ("sh -c @", "a second shell"),
    ("sh -e -c @", "a second shell"),
    ("docker exec box /bin/bash -lc @", "a second shell"),
    ("eval ls @", "a second shell"),
    ("ssh host rm @", "a second shell"),
    ("eval 'x' @", "a second shell"),
    ("eval \\x @", "a second shell"),
    ('eval "x" @', "a second shell"),
    ("echo \"its\" '@'", "there are quotes around it"),
    ("su - bob -c @", "a second shell"),
    ("@", PROGRAM),
    ("ls; @", PROGRAM),
    ("ls | @ -x", PROGRAM),
    ("if true; then @", PROGRAM),
    ("sudo @", PROGRAM),
    ("echo $(@)", PROGRAM),
]


def parts_of(command: str) -> list[str | Mark]:
    parts: list[str | Mark] = []
    for text in command.split("@"):
        parts += [text, Mark("shell")]
    return parts[:-1]


@pytest.mark.parametrize("command", RIGHT)
def test_a_word_of_its_own(command: str) -> None:
    assert list(misplaced(parts_of(command))) == []


@pytest.mark.parametrize(("command", "fault"), WRONG)
def test_a_place_where_quoting_has_no_effect(command: str, fault: str) -> None:
    found = list(misplaced(parts_of(command)))
    assert found
    assert all(told.startswith(fault) for _, told in found)


@given(st.lists(st.one_of(st.text(max_size=12), st.just(Mark("shell"))), max_size=8))
def test_any_text_is_read_to_its_end(parts: list[str | Mark]) -> None:
    assert len(list(misplaced(parts))) <= sum(isinstance(part, Mark) for part in parts)
