"""Send the requests of a trial to an application on a simulated AWS, and say what happened.

What happened with the answers that lessons list is recorded, for machines without moto.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any, Final

from sls_lab.app import App
from sls_lab.exercises.changes import normal
from sls_lab.exercises.happened import Happened
from sls_lab.exercises.model import Unusable
from sls_lab.exercises.trial import Attacks, Honest, Trial
from sls_lab.replay import Child, Hop, Limits, Replay, Request, Simulation, available
from sls_lab.replay.attacks import MARKER, attacks_on
from sls_lab.replay.model import Danger
from sls_lab.replay.request_parts import Change
from sls_lab.replay.requests_file import PLACE, Scenario, UnreadableRequests
from sls_lab.replay.shell_commands import commands_of
from sls_lab.report.display import one_line
from sls_lab.report.replay_text import words_of
from sls_lab.template.model import Template

_CUT: Final = ("replay-cut-short", "too-many-hops")
_LONGEST: Final = 400
_FEW: Final = 5  #: attacks of the first round


class NotTried(Exception):
    """The requests could not be sent; the message is a clause that says why."""


#: One process for all exercises, kept from one answer to the next, which a kernel's threads take turns to use.
_CHILD: Final = Child(Limits(seconds=15, hops=30))
_TURN: Final = Lock()
_TRIED: Final[dict[str, Happened]] = {}
FILE: Final = "recorded_trials.json"


def try_out(trial: Trial, app: App) -> Happened:
    """What happens with an application: found out once for each state of its files, or recorded where moto is missing.

    Raises NotTried where neither can be, and Unusable where a function that requests are sent to is gone.
    """
    which = digest(trial, app)
    if which not in _TRIED:
        if available():
            _TRIED[which] = _send(trial, app.template)
        elif which in (recorded := recorded_trials()):
            _TRIED[which] = Happened.of_json(recorded[which])
        else:
            raise NotTried("moto is not installed, and this answer is not among the recorded ones")
    return _TRIED[which]


def digest(trial: Trial, app: App) -> str:
    """What a trial of an application is known by: its requests, and all that is read, without what does not count."""
    requests = [repr(request) for honest in trial.honest for request in honest.requests]
    texts = {file: normal(text) for file, text in sorted(app.texts.items())}
    told: list[Any] = [requests, texts]
    if (attacks := trial.attacks) is not None:
        sent = [repr(one) for one in attacks.requests]
        told = [attacks.rule, attacks.file, requests, sent, texts, attacks.aim.name]
    return hashlib.sha256(json.dumps(told).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def recorded_trials() -> dict[str, dict[str, Any]]:
    """What is recorded, by `digest`."""
    text = resources.files("sls_lab.exercises").joinpath(FILE).read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def _send(trial: Trial, template: Template) -> Happened:
    """Send the attacks, and the honest requests where what came of the attacks is as wanted, each kind in one go."""
    with _TURN:
        simulation = Simulation(template, _CHILD)
        arrived, stuck, tried, settled = "", "", 0, False
        if (attacks := trial.attacks) is not None:
            arrived, stuck, tried = _attacked(simulation, attacks)
            settled = bool(stuck or (arrived and not attacks.aim.arrives))
        failed = None if settled else tuple(_failed(simulation, trial))
    return Happened(failed, arrived, stuck, tried)


def _failed(simulation: Simulation, trial: Trial) -> Iterable[tuple[str, str]]:
    sent = [scenario for honest in trial.honest for scenario in honest.requests]
    replay, hops = _sent(simulation, sent, "")
    cut = _cut(replay)
    at, whole = 0, True
    for honest in trial.honest:
        tries = hops[at : at + len(honest.requests)]
        at += len(honest.requests)
        if missing := _missing(honest, tries):
            whole = False
            yield honest.name, f"{missing}; {cut}" if cut and not all(tries) else missing
    if cut and whole:  # all effects are there, and the application does not come to an end
        yield trial.honest[-1].name, cut


def _missing(honest: Honest, tries: Sequence[Sequence[Hop]]) -> str:
    """What is missing of the effects in the first of the tries; empty where another one has them all."""
    found = [next((one for effect in honest.effects if (one := effect.missing(hops))), "") for hops in tries]
    return "" if "" in found else found[0]


def _attacked(simulation: Simulation, attacks: Attacks) -> tuple[str, str, int]:
    """The attack that arrived, in words, why the attacks came to no end, and how many there were.

    With the first attacks goes the marker alone: what else it reaches is attacked in a round of its own. The most
    successful attacks come first, so that a handler that is open is known after a few.
    """
    first = tuple(dict.fromkeys((MARKER, *attacks_on(attacks.first))))
    arrived, stuck, reached = _round(simulation, attacks, first[:_FEW])
    if not arrived and not stuck and first[_FEW:]:
        arrived, stuck, more = _round(simulation, attacks, first[_FEW:])
        reached |= more
    others = [attack for attack in attacks_on(reached - attacks.first) if attack not in first]
    if others and not arrived and not stuck:
        arrived, stuck, _ = _round(simulation, attacks, others)
    return arrived, stuck, (len(first) + len(others)) * len(attacks.requests)


def _round(simulation: Simulation, attacks: Attacks, tried: Iterable[str]) -> tuple[str, str, frozenset[str]]:
    """The first attack that arrives, in words, what went wrong, and the kinds of dangerous calls that were reached."""
    sent = [one.changed(_marked(attack)) for attack in tried for one in attacks.requests]
    replay, hops = _sent(simulation, sent, MARKER)
    dangers = [
        (scenario, danger)
        for scenario, own in zip(sent, hops, strict=True)
        for hop in own
        for danger in hop.dangers
        if danger.kind in attacks.kinds and (danger.span is None or danger.span.file == attacks.file)
    ]
    arrived = next((_told(scenario, danger) for scenario, danger in dangers if danger.live), "")
    cut = _cut(replay)
    stuck = f"an attack stops the application: {cut}" if cut and not arrived else ""
    return arrived, stuck, frozenset(danger.kind for _, danger in dangers if danger.reached)


def _marked(attack: str) -> Change:
    return lambda _, text: text.replace(PLACE, attack)


def _sent(simulation: Simulation, scenarios: Sequence[Scenario], marker: str) -> tuple[Replay, list[list[Hop]]]:
    """The replay of requests that are sent one after the other, and the hops of each."""
    following: Request | None = None
    try:
        for scenario in reversed(scenarios):
            following = replace(scenario.request(simulation.deployment, marker), then=following)
    except UnreadableRequests as error:
        raise Unusable(str(error)) from error
    assert following is not None
    replay = simulation.replay(following)
    if replay.missing:
        raise NotTried(f"the module {replay.missing} is not installed here")
    return replay, [[hop for hop in replay.hops if hop.request == number] for number in range(len(scenarios))]


def _cut(replay: Replay) -> str:
    """Why not everything was sent; empty where it was."""
    late = [f"{hop.handler} takes too long" for hop in replay.hops if hop.ending == "timed-out"]
    return next(iter([*late, *(note.message for note in replay.notes if note.code in _CUT)]), "")


def _told(scenario: Scenario, danger: Danger) -> str:
    """An attack that arrived: the request, and the words that a shell would read, or the value."""
    parts = ", ".join(f"{word}: {json.dumps(value, ensure_ascii=False)}" for word, value in scenario.parts.items())
    where = f" at {danger.span.place}" if danger.span else ""
    head = f"An attack arrives in `{danger.name}`{where}. Sent to `{scenario.at}`: `{_cut_off(parts)}`."
    if danger.kind != "shell":
        return f"{head} It is given `{_cut_off(str(danger.value))}`."
    commands = commands_of(danger)
    read = "\n".join(f"{number}. {_cut_off(words_of(command))}" for number, command in enumerate(commands, 1))
    return f"{head} A shell reads:\n\n```text\n{read}\n```"


def _cut_off(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
