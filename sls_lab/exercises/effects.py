"""What a request must bring about in an application, as lessons declare it, and whether a replay shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sls_lab.exercises.fields import Fields, mistake
from sls_lab.replay.exchange import texts_in
from sls_lab.replay.model import Danger, Hop
from sls_lab.replay.shell_commands import commands_of

_FAILED: Final = 400  #: the lowest status of an answer that says that a request was not fulfilled
_BROKEN: Final = 500  #: the lowest one that says that it is not the caller's fault
#: What is missing, in words; empty where the effect is there.
Look = Callable[[Sequence[Hop]], str]


@dataclass(frozen=True, slots=True)
class Effect:
    """`function` is the one that has the effect, `look` says what is missing in its hops."""

    function: str
    look: Look

    def missing(self, hops: Sequence[Hop]) -> str:
        """What is missing in the hops of one request; empty where nothing is."""
        own = [hop for hop in hops if hop.handler == self.function]
        if not own:
            return f"`{self.function}` is not woken"
        if missing := self.look(own):
            ended = next((hop.error for hop in own if hop.error), "")
            return f"`{self.function}` {missing}{f', and ends with {ended}' if ended else ''}"
        return ""


def read_effect(fields: Fields) -> Effect:
    """One effect of a lesson file: a word with what it is about, and the function `of` which it is."""
    name = next((name for name in _READERS if fields.has(name)), None)
    if name is None:
        raise mistake(fields.node, f"an effect is one of {', '.join(_READERS)}")
    effect = Effect(fields.text("of"), _READERS[name](fields))
    fields.done()
    return effect


def _runs(fields: Fields) -> Look:
    program = fields.text("runs")

    def look(hops: Sequence[Hop]) -> str:
        run = [words[0] for words in _commands(hops) if words]
        return (
            "" if program in run or (program == "*" and run) else f"runs no {'program' if program == '*' else program}"
        )

    return look


def _passes(fields: Fields) -> Look:
    text = fields.text("passes")

    def look(hops: Sequence[Hop]) -> str:
        statements = [danger for hop in hops for danger in hop.dangers if danger.kind == "sql"]
        words = [word for command in _commands(hops) for word in command]
        read = [one for hop in hops for danger in hop.dangers for one in danger.detail.get("read", ())]
        given = [text for hop in hops for call in hop.calls for text in texts_in(call.arguments)]
        told = any(word.endswith(text) for word in words) or any(text in str(one) for one in read)
        if told or text in given or _is_asked_for(text, statements):
            return ""
        return f"gives {text!r} to no " + ("database" if statements else "program as one word, and to no call of AWS")

    return look


def _is_asked_for(text: str, statements: Sequence[Danger]) -> bool:
    """Whether a database is given a string: as a value, or in a statement with its quotes doubled or escaped."""
    written = (text.replace("'", "''"), text.replace("'", "\\'"))
    return any(
        any(text in value for value in texts_in(danger.detail.get("parameters")))
        or any(one in str(danger.value) for one in written)
        for danger in statements
    )


def _calls(fields: Fields) -> Look:
    name, part = fields.text("calls"), Fields(fields.node_of("with"), "`with`")
    wanted: Mapping[str, str] = {argument: part.text(argument) for argument in part.node.mapping}
    part.done()

    def look(hops: Sequence[Hop]) -> str:
        made = [call for hop in hops for call in hop.calls if f"{call.service}.{call.api}" == name]
        if not made:
            return f"does not call {name}"
        fitting = [
            call
            for call in made
            if all(text in str(call.arguments.get(argument, "")) for argument, text in wanted.items())
        ]
        if any(call.outcome != "refused" for call in fitting):
            return ""
        if fitting:
            return f"may not call {name}: {fitting[0].error}"
        given = ", ".join(f"{argument}={made[0].arguments.get(argument)!r}" for argument in wanted)
        return f"calls {name} with {given}"

    return look


def _answers(fields: Fields) -> Look:
    fields.flag("answers")

    def look(hops: Sequence[Hop]) -> str:
        status = _status(hops[0])
        if status is None:
            return "gives no answer, since it returns no `statusCode`"
        return "" if status < _FAILED else f"answers with the status {status}"

    return look


def _fails(fields: Fields) -> Look:
    fields.flag("fails")

    def look(hops: Sequence[Hop]) -> str:
        status = _status(hops[0])
        # AWS answers 502 where a handler raises: nothing of the error is in that answer.
        failed = hops[0].ending == "raised" or (status is not None and status >= _BROKEN)
        return "" if failed else f"answers with {'the status ' + str(status) if status else 'no status'}"

    return look


def _withholds(fields: Fields) -> Look:
    text = fields.text("withholds")

    def look(hops: Sequence[Hop]) -> str:
        return f"answers with {text!r}" if any(text in part for part in texts_in(hops[0].result)) else ""

    return look


def _logs(fields: Fields) -> Look:
    text = fields.text("logs")

    def look(hops: Sequence[Hop]) -> str:
        # What a handler raises is in its log as well.
        return "" if any(text in hop.output or text in hop.error for hop in hops) else f"writes no {text!r} to its log"

    return look


def _status(hop: Hop) -> int | None:
    """The status code of a handler's answer; None where it gives none."""
    status = hop.result.get("statusCode") if isinstance(hop.result, Mapping) else None
    if isinstance(status, str) and status.isdigit():
        return int(status)
    return status if isinstance(status, int) else None


def _commands(hops: Sequence[Hop]) -> Iterator[Sequence[str]]:
    """The words of each command that a shell would read or that is run without one."""
    for hop in hops:
        for danger in hop.dangers:
            if danger.kind == "shell":
                yield from (command.words for command in commands_of(danger))
            elif danger.kind == "program":
                words = danger.value if isinstance(danger.value, list) else [danger.value]
                yield [str(word) for word in words]


_READERS: Mapping[str, Callable[[Fields], Look]] = {
    "runs": _runs,
    "passes": _passes,
    "calls": _calls,
    "answers": _answers,
    "fails": _fails,
    "withholds": _withholds,
    "logs": _logs,
}
