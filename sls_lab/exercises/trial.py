"""Requests that are sent to a learner's application: honest ones that must still work, and attacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sls_lab.exercises.effects import Effect, read_effect
from sls_lab.exercises.fields import Fields, mistake, plain
from sls_lab.replay.attacks import ATTACKS
from sls_lab.replay.requests_file import PLACE, Scenario, UnreadableRequests, scenario_of
from sls_lab.taint.rules import RULES


@dataclass(frozen=True, slots=True)
class Aim:
    """What a learner is to bring about, as the lesson calls it.

    `arrives` and `reported` say whether an attack has to arrive, and the analysis to report a flow. Where the aim is a
    fix, that it reports none is a proof; what it reports decides nothing.
    """

    name: str
    arrives: bool
    reported: bool
    is_fix: bool = False


#: A fix that holds, a false negative, and a false positive.
AIMS: Final = (
    Aim("fix", arrives=False, reported=False, is_fix=True),
    Aim("evade", arrives=True, reported=False),
    Aim("alarm", arrives=False, reported=True),
)


@dataclass(frozen=True, slots=True)
class Honest:
    """What an honest user wants. It works where one of the requests has all effects: there may be two ways to ask."""

    name: str
    requests: tuple[Scenario, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Attacks:
    """`requests` have a place for an attack; one arrives in a dangerous call of `file`.

    `rule` says which attacks are tried first, and what counts as dangerous: all of its category. `safe` is the sentence
    that tells the learner what the attacks must come to.
    """

    requests: tuple[Scenario, ...]
    rule: str
    file: str
    safe: str
    aim: Aim

    @property
    def category(self) -> str:
        """The category of flows that the exercise is about."""
        return next(rule.category for rule in RULES if rule.name == self.rule)

    @property
    def first(self) -> frozenset[str]:
        """The kinds of dangerous calls that are attacked from the start."""
        return ATTACKS[self.rule][0]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of dangerous calls that belong to the category."""
        names = [rule.name for rule in RULES if rule.category == self.category]
        return frozenset(kind for name in names for kind in ATTACKS.get(name, ((), ()))[0])


@dataclass(frozen=True, slots=True)
class Trial:
    """`works` is the sentence that tells the learner what honest requests must still bring about.

    Where a template or its permissions are to change, nothing is attacked: `attacks` is None.
    """

    honest: tuple[Honest, ...]
    works: str
    attacks: Attacks | None = None

    @property
    def is_fix(self) -> bool:
        """Whether what happens decides, and what the analysis finds is a proof or a doubt."""
        return self.attacks is not None and self.attacks.aim.is_fix


def read_trial(fields: Fields) -> Trial:
    """The entry `trial` of an exercise."""
    honest = []
    for part in fields.parts("honest"):
        requests = tuple(_requests(part, "sends"))
        honest.append(Honest(part.text("name"), requests, tuple(map(read_effect, part.parts("effects")))))
        part.done()
        if not requests or not honest[-1].effects:
            raise mistake(part.node, "an honest request has `sends` and `effects`")
    if not honest:
        raise mistake(fields.node, "a trial has `honest` requests")
    attacks = _attacks(fields) if fields.has("attacks") else None
    trial = Trial(tuple(honest), fields.text("works"), attacks)
    fields.done()
    return trial


def _attacks(fields: Fields) -> Attacks:
    requests = tuple(_requests(fields, "attacks"))
    if not requests or not all(PLACE in repr(one.parts) for one in requests):
        raise mistake(fields.node, f"`attacks` are requests with {PLACE} where an attack goes")
    name = fields.word("aim", tuple(aim.name for aim in AIMS), AIMS[0].name)
    aim = next(aim for aim in AIMS if aim.name == name)
    return Attacks(requests, fields.word("rule", tuple(ATTACKS)), fields.text("file"), fields.text("safe"), aim)


def _requests(fields: Fields, name: str) -> Iterator[Scenario]:
    """Requests in the form of an application's `requests.yml`."""
    for node in fields.items(name):
        entry = plain(node)
        if not isinstance(entry, Mapping):
            raise mistake(node, "a request is a mapping")
        try:
            yield scenario_of(entry, node.span.place)
        except UnreadableRequests as error:
            raise mistake(node, str(error).partition(": ")[2]) from error
