"""Whether a call that starts a process gives the data to a shell, or lets it choose the program.

https://docs.python.org/3/library/subprocess.html#subprocess.Popen says what `args` and `shell` mean.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from sls_lab.facts import Reason
from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.judge.reading import Leaf, Reading

SHELLS: Final = frozenset({"sh", "ash", "bash", "dash", "ksh", "zsh"})
#: Programs that run the program which their arguments name.
_LAUNCHERS: Final = frozenset(
    {"busybox", "doas", "env", "nice", "nohup", "setsid", "ssh", "stdbuf", "su", "sudo", "time", "timeout", "watch"}
    | {"xargs"}
)
_FUNCTIONS: Final = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))


def shell_command(call: ast.Call, reading: Reading) -> Reason | None:
    """Why the data is not a shell command."""
    if not _starts_process(call, reading):
        return None
    if not _may_use_shell(call, reading):
        return reading.reason("no shell is used")
    return _fixed_first(call, reading)


def program_name(call: ast.Call, reading: Reading) -> Reason | None:
    """Why the data does not choose the program."""
    if not _starts_process(call, reading):
        return None
    if _may_use_shell(call, reading):
        return reading.reason("a shell is used, which decides the program")
    return _fixed_first(call, reading)


def shell_script(call: ast.Call, reading: Reading) -> Reason | None:
    """Why the data is not a script that a shell is started with: `["sh", "-c", script]`.

    With `shell=True` the words after the first are arguments of the command, not scripts.
    """
    if _shell(call, reading) is True:
        return reading.reason("the data is an argument of the command")
    given = _words(call, reading)
    beginning = reading.list_of(given)
    nothing = "no shell is started with a script"
    if beginning is None:
        # What another function made may be such a list; a string alone does not start a shell.
        return None if given is None or reading.is_parameter(given) else reading.reason(nothing)
    words = beginning.words
    if len(words) < 3 and not beginning.open:
        return reading.reason(nothing)
    program = reading.text(words[0]) if words else None
    if program is not None and _base(program) not in SHELLS:
        return reading.reason(nothing, words[0])
    option = reading.text(words[1]) if len(words) > 1 else None
    if option is not None and re.fullmatch(r"-[a-z]*c", option) is None:
        return reading.reason(nothing, words[1])
    return None


def _starts_process(call: ast.Call, reading: Reading) -> bool:
    """Whether a function of `subprocess` is called; a parameter or attribute called `run` may be any function."""
    return reading.means(reading.leaf(call.func), _FUNCTIONS)


def script_word(call: ast.Call, reading: Reading) -> int:
    """Which of the words that start a process a shell reads: the first, or of `["sh", "-c", script]` the third."""
    if _starts_process(call, reading) and not _may_use_shell(call, reading):
        return 2
    return 0


def reads_no_command(call: ast.Call, reading: Reading) -> Reason | None:
    """Why no shell reads the data, whether as a command or as a script."""
    if not _starts_process(call, reading):
        return None
    return (shell_command(call, reading) and shell_script(call, reading)) or None


def _words(call: ast.Call, reading: Reading) -> Leaf | None:
    given = argument(call, 0, "args")
    return None if given is None else reading.leaf(given)


def _base(program: str) -> str:
    return program.rpartition("/")[2]


def _may_use_shell(call: ast.Call, reading: Reading) -> bool:
    """False only where the call says so or says nothing."""
    return _shell(call, reading) is not False


def _shell(call: ast.Call, reading: Reading) -> bool | None:
    """Whether a shell is used, None where the source does not show it."""
    for keyword in call.keywords:
        if keyword.arg == "shell":
            value = reading.resolved(reading.leaf(keyword.value)).node
            return bool(value.value) if isinstance(value, ast.Constant) else None
    return None if any(keyword.arg is None for keyword in call.keywords) else False


def _fixed_first(call: ast.Call, reading: Reading) -> Reason | None:
    """Of a list the first element alone is the program or, with a shell, the command."""
    beginning = reading.list_of(_words(call, reading))
    if beginning is None or not beginning.words or not reading.whole(beginning.words[0]):
        return None
    program = reading.text(beginning.words[0])
    if program is not None and _base(program) in _LAUNCHERS:
        return None
    return reading.reason("the data is an argument of a fixed program", beginning.words[0])
