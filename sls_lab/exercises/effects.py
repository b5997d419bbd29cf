"""What a request must bring about in an application, as lessons declare it, and whether a replay shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sls_lab.exercises.fields import Fields, mistake
from sls_lab.replay.exchange import texts_in
from sls_lab.replay.model import Hop
from sls_lab.replay.shell_commands import read_command

_FAILED = 400  #: the lowest status of an answer that says that a request was not fulfilled
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
        words = [word for command in _commands(hops) for word in command]
        given = [text for hop in hops for call in hop.calls for text in texts_in(call.arguments)]
        found = any(word.endswith(text) for word in words) or text in given
        return "" if found else f"gives {text!r} to no program as one word, and to no call of AWS"

    return look


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
        result = hops[0].result
        status = result.get("statusCode") if isinstance(result, Mapping) else None
        if isinstance(status, int) and status < _FAILED:
            return ""
        return (
            f"answers with the status {status}"
            if status is not None
            else "gives no answer, since it returns no `statusCode`"
        )

    return look


def _commands(hops: Sequence[Hop]) -> Iterator[Sequence[str]]:
    """The words of each command that a shell would read or that is run without one."""
    for hop in hops:
        for danger in hop.dangers:
            if danger.kind == "shell":
                yield from (command.words for command in read_command(str(danger.value)))
            elif danger.kind == "program":
                words = danger.value if isinstance(danger.value, list) else [danger.value]
                yield [str(word) for word in words]


_READERS: Mapping[str, Callable[[Fields], Look]] = {
    "runs": _runs,
    "passes": _passes,
    "calls": _calls,
    "answers": _answers,
}
