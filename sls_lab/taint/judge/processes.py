"""Whether a call that starts a process gives the data to a shell, or lets it choose the program.

https://docs.python.org/3/library/subprocess.html#subprocess.Popen says what `args` and `shell` mean.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from sls_lab.facts import Reason
from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.judge.reading import Beginning, Leaf, Reading

SHELLS: Final = frozenset({"sh", "ash", "bash", "dash", "ksh", "zsh"})
#: Programs that run the program which their arguments name.
_LAUNCHERS: Final = frozenset(
    {"busybox", "doas", "env", "nice", "nohup", "setsid", "ssh", "stdbuf", "su", "sudo", "time", "timeout", "watch"}
    | {"xargs"}
)
#: Where functions of `os` are given the words of a command: as one list, or from which argument on.
#: https://docs.python.org/3/library/os.html#process-management
_LISTS: Final = {
    **dict.fromkeys(("execv", "execve", "posix_spawn"), (1, "argv")),
    **dict.fromkeys(("execvp", "execvpe"), (1, "args")),
    **dict.fromkeys(("spawnv", "spawnve", "spawnvp", "spawnvpe"), (2, "args")),
}
_VARIADIC: Final = {
    **dict.fromkeys(("execl", "execle", "execlp", "execlpe"), 1),
    **dict.fromkeys(("spawnl", "spawnle", "spawnlp", "spawnlpe"), 2),
}
_NOT_A_SHELL: Final = "the program that reads the data is not seen to be a shell"
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
    if reading.called(call.func) == "communicate" or reading.carries_argument("input"):
        return _shell_input(call, reading)
    if _shell(call, reading) is True:
        return reading.reason("the data is an argument of the command")
    given = _words(call, reading)
    beginning = reading.list_of(given) or _words_after(call, reading)
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


def _shell_input(call: ast.Call, reading: Reading) -> Reason | None:
    """Why a process does not run what it is given to read, as the shell of `run(["sh"], input=data)` does.

    Where the program is not seen it is taken for another one: few programs that read something are shells.
    """
    started = call
    if reading.called(call.func) == "communicate" and isinstance(call.func, ast.Attribute):
        made = reading.resolved(reading.leaf(call.func.value)).node
        if not isinstance(made, ast.Call):
            return reading.reason(_NOT_A_SHELL)
        started = made
    beginning = reading.list_of(_words(started, reading))
    if beginning is None or not beginning.words:
        return reading.reason(_NOT_A_SHELL)
    texts = [reading.text(word) for word in beginning.words]
    program = texts[0]
    if program is None or _base(program) not in SHELLS:
        return reading.reason(_NOT_A_SHELL, beginning.words[0])
    if any(text is not None and re.fullmatch(r"-[a-z]*c", text) for text in texts[1:]):
        return reading.reason("the shell has its commands from its arguments", beginning.words[0])
    return None


def _words_after(call: ast.Call, reading: Reading) -> Beginning | None:
    """The words of `spawnlp(mode, program, *words)`, which are arguments of the call itself."""
    skipped = _VARIADIC.get(reading.called(call.func) or "")
    if skipped is None or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    return Beginning(tuple(map(reading.leaf, call.args[skipped:])), False)


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
    place, name = _LISTS.get(reading.called(call.func) or "", (0, "args"))
    given = argument(call, place, name)
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
    words = _words(call, reading)
    beginning = reading.list_of(words) or (None if words is None else _split(words, reading))
    if beginning is None or not beginning.words or not reading.whole(beginning.words[0]):
        return None
    program = reading.text(beginning.words[0])
    if program is not None and _base(program) in _LAUNCHERS:
        return None
    return reading.reason("the data is an argument of a fixed program", beginning.words[0])


def _split(words: Leaf, reading: Reading) -> Beginning | None:
    """The words that `shlex.split("git log " + data)` begins with; the last one that is written out may go on."""
    made = reading.resolved(words)
    if not isinstance(made.node, ast.Call) or not made.node.args:
        return None
    if not reading.means(Leaf(made.node.func, made.scopes), {"shlex.split"}):
        return None
    strings = reading.strings(Leaf(made.node.args[0], made.scopes))
    firsts = {re.match(r"[\w./-]+(?=\s)", reading.leading(pieces)) for pieces in strings}
    names = {found[0] for found in firsts if found is not None}
    if None in firsts or len(names) != 1:
        return None
    return Beginning((Leaf(ast.Constant(names.pop()), made.scopes),), True)
