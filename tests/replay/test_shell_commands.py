"""A command line is read as a shell reads it."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.replay.shell_commands import Command, read_command


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("echo a b", [["echo", "a", "b"]]),
        ("echo 'a b' \"c d\"", [["echo", "a b", "c d"]]),
        ("echo a\\ b", [["echo", "a b"]]),
        ("echo 'it''s' \"\\\"\" '\\'", [["echo", "its", '"', "\\"]]),
        ("a; b && c || d | e & f\ng", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("(a; b)", [["a"], ["b"]]),
        ("a > out 2>&1 < in", [["a"]]),
        ("a # rest; b", [["a"]]),
        ("echo a#b", [["echo", "a#b"]]),
        ("echo $(b 'c;d') e", [["echo", "$(b 'c;d')", "e"], ["b", "c;d"]]),
        ('echo "`b`"', [["echo", "`b`"], ["b"]]),
        ('echo "$(b "$(c)")"', [["echo", '$(b "$(c)")'], ["b", "$(c)"], ["c"]]),
        ("echo '$(b)'", [["echo", "$(b)"]]),
        ('echo "\\$(b)"', [["echo", "$(b)"]]),
        ("echo 'never closed; b", [["echo", "never closed; b"]]),
        ("a \\\n b", [["a", "b"]]),
        ("sudo x; bash -ec 'a; b'", [["sudo", "x"], ["bash", "-ec", "a; b"], ["a"], ["b"]]),
        ("eval a 'b; c'", [["eval", "a", "b; c"], ["a", "b"], ["c"]]),
        ("", []),
        (";;", []),
        ("echo $((1 + 2))", [["echo", "$"], ["1", "+", "2"]]),
    ],
)
def test_commands_and_words(text: str, commands: list[list[str]]) -> None:
    assert [list(command.words) for command in read_command(text)] == commands


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ('echo "$NAME"', [["echo", "a b; id"]]),
        ('echo "${NAME}.wav"', [["echo", "a b; id.wav"]]),
        ("echo $NAME", [["echo", "a", "b;", "id"]]),
        ("echo x$NAME.wav", [["echo", "xa", "b;", "id.wav"]]),
        ("echo '$NAME'", [["echo", "$NAME"]]),
        ('echo "\\$NAME" $OTHER', [["echo", "$NAME", "$OTHER"]]),
        ("echo $EMPTY", [["echo"]]),
        ('echo "$EMPTY"', [["echo", ""]]),
        ('eval "echo $NAME"', [["eval", "echo a b; id"], ["echo", "a", "b"], ["id"]]),
        ('sh -c "$NAME"', [["sh", "-c", "a b; id"], ["a", "b"], ["id"]]),
        ('sh -c \'echo "$1"\' sh "$NAME"', [["sh", "-c", 'echo "$1"', "sh", "a b; id"], ["echo", "a b; id"]]),
        ('OWN=$NAME; echo "$OWN"', [["OWN=a b; id"], ["echo", "a b; id"]]),
        ('echo "$(cat "$NAME")"', [["echo", '$(cat "$NAME")'], ["cat", "a b; id"]]),
    ],
)
def test_a_variable_whose_value_is_known_is_read_as_data(text: str, commands: list[list[str]]) -> None:
    found = read_command(text, {"NAME": "a b; id", "EMPTY": ""})
    assert [list(command.words) for command in found] == commands


@pytest.mark.parametrize(
    ("text", "program"), [("A=1 B=2 run x", "run"), ("if run; then", "run"), ("! run", "run"), ("A=1", "")]
)
def test_the_program_of_a_command(text: str, program: str) -> None:
    assert read_command(text)[0].program == program


def test_operators_and_substitutions_are_told() -> None:
    assert read_command("a | b $(c)") == (
        Command(("a",)),
        Command(("b", "$(c)"), "|"),
        Command(("c",), "", True),
    )


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1
    )
)
def test_quoted_words_come_back(words: list[str]) -> None:
    [command] = read_command("x " + shlex.join(words))
    assert command.words == ("x", *words)


@given(st.text(alphabet="ab '\"\\$()`;|&#\n<>{}=", max_size=40))
def test_no_command_line_is_too_odd(text: str) -> None:
    for command in read_command(text):
        assert command.words
