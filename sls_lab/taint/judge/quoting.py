"""Whether data that was made safe for one place is in that place.

`shlex.quote` makes one word for a shell: inside the quotes of whoever wrote the command it does the contrary.
`urllib.parse.quote` makes a part of a path or a query: as a host it is whatever the data says.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sls_lab.code.model import Argument, Code
from sls_lab.facts import Hole, HoleKind, Pattern, Reason
from sls_lab.facts.pattern import Quoted
from sls_lab.taint.judge.addresses import FIXED_HOST, request_url
from sls_lab.taint.judge.judgement import Judgement
from sls_lab.taint.judge.processes import script_word
from sls_lab.taint.judge.reading import Leaf, Reading
from sls_lab.taint.judge.shell_words import PROGRAM, Mark, misplaced
from sls_lab.taint.read.flow_trace import Trace

#: The functions that quote, by the place for which they do.
_FUNCTIONS: dict[str, Quoted] = {
    "shlex.quote": "shell",
    "shlex.join": "shell",
    "pipes.quote": "shell",
    "urllib.parse.quote": "url",
    "urllib.parse.quote_plus": "url",
    "urllib.parse.urlencode": "url",
}
#: The parameters of a command and of an address, by name or place.
_COMMANDS = ("0", "args", "cmd", "command")
_ADDRESSES = ("url", "0", "1")

_OWN_WORD = "it is quoted by shlex.quote, as a word of its own"

String = tuple[str | Mark, ...]


def quoted_word(trace: Trace, call: ast.Call, code: Code, reading: Reading) -> Judgement:
    """The judgement of data that was quoted for a shell and reaches the command at `call`."""
    strings = [*_given(trace, call, code, script_word(call, reading))]
    if not any(isinstance(part, Mark) for string in strings for part in string):
        strings = [*_written(call, reading)]
    quoted = [string for string in strings if _marks(string, "shell")]
    faults = [fault for string in quoted for mark, fault in misplaced(string) if mark.quoted == "shell"]
    if faults:
        return Judgement(note=f"it is quoted for a shell, but {faults[0]}")
    if quoted:
        return Judgement(Reason(_OWN_WORD, trace.sink.span))
    faults = [fault for string in strings for _, fault in misplaced(string) if fault != PROGRAM]
    if faults:
        doubt = Reason("the quoted data is what the quotes are around", trace.sink.span)
        return Judgement(note=f"it is quoted for a shell, but {faults[0]}", doubts=(doubt,))
    return Judgement(Reason("it is quoted by shlex.quote; where it is put is not seen here", trace.sink.span))


def wholly_quoted(trace: Trace, call: ast.Call, code: Code, reading: Reading) -> Reason | None:
    """Why data of which Pysa saw but some quoted is all quoted: each hole of the command is, and in its place."""
    strings = [*_given(trace, call, code, script_word(call, reading))]
    marks = [part for string in strings for part in string if isinstance(part, Mark)]
    if not marks or not all(mark.quoted == "shell" for mark in marks) or any(map(list, map(misplaced, strings))):
        return None
    return Reason(_OWN_WORD, trace.sink.span)


def quoted_address(trace: Trace, call: ast.Call, code: Code, reading: Reading) -> Judgement:
    """The judgement of data that was encoded for a URL and reaches the address at `call`."""
    fixed = request_url(call, reading)
    strings = [string for string in _given(trace, call, code, None, _ADDRESSES) if _marks(string, "url")]
    strings = strings or [string for string in _written(call, reading) if _marks(string, "url")]
    if fixed is None and strings and not all(FIXED_HOST.match(_before_mark(string)) for string in strings):
        return Judgement(note="it is encoded for a URL, but it is the host, or a part of it")
    why = "it is encoded, and comes after the host" if strings else "it is encoded for a URL"
    return Judgement(Reason(why, trace.sink.span))


def _marks(string: String, quoted: Quoted) -> bool:
    return any(isinstance(part, Mark) and part.quoted == quoted for part in string)


def _before_mark(string: String) -> str:
    """The string before the first hole that was encoded; other holes have flows of their own, where they are data."""
    known = []
    for part in string:
        if isinstance(part, Mark) and part.quoted == "url":
            break
        known.append(part if isinstance(part, str) else Reading.SETTING)
    return "".join(known)


def _given(
    trace: Trace, call: ast.Call, code: Code, word: int | None, names: Sequence[str] = _COMMANDS
) -> Iterator[String]:
    """What the interpreter saw the call being given: of a list of words the one at `word`."""
    for arguments in code.handed.get(trace.sink.handler, {}).get(call, ()):
        for argument in arguments:
            if argument.name in names:
                yield from map(_string, argument.values)
                parts = argument.parts if word is None else argument.parts[word : word + 1]
                yield from (string for part in parts for string in _strings_in(part))
    for boto in code.calls:
        if boto.node is call and boto.handler == trace.sink.handler:
            yield from (string for argument in boto.arguments.values() for string in _strings_in(argument))


def _strings_in(argument: Argument) -> Iterator[String]:
    yield from map(_string, argument.values)
    for part in argument.parts:
        yield from _strings_in(part)


def _string(pattern: Pattern) -> String:
    """A pattern with marks for what may be data."""
    return tuple(
        "x" if isinstance(part, Hole) and part.kind is not HoleKind.ANY else _mark(part) for part in pattern.parts
    )


def _mark(part: str | Hole) -> str | Mark:
    return Mark(part.quoted) if isinstance(part, Hole) else part


def _written(call: ast.Call, reading: Reading) -> Iterator[String]:
    """What the source of the function shows of the first argument."""
    for expression in call.args[:1]:
        for pieces in reading.strings(reading.leaf(expression)):
            string: list[str | Mark] = []
            for piece in pieces:
                if piece.text is not None:
                    string.append(piece.text)
                elif isinstance(piece.node, ast.Call):
                    names = reading.meanings(Leaf(piece.node.func, piece.scopes))
                    kinds = {_FUNCTIONS.get(name, "") for name in names}
                    string.append(Mark(kinds.pop() if len(kinds) == 1 else ""))
                else:
                    string.append(Mark("") if reading.is_data(piece) else "x")
            yield tuple(string)
