"""Requests that are sent to a learner's application: honest ones that must still work, and attacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sls_lab.exercises.effects import Effect, read_effect
from sls_lab.exercises.fields import Fields, mistake, plain
from sls_lab.replay.attacks import ATTACKS
from sls_lab.replay.requests_file import PLACE, Scenario, UnreadableRequests, scenario_of
from sls_lab.taint.rules import RULES

#: What a learner is to bring about: a fix that holds, an attack that the analysis does not see (a false negative), or
#: a flow that the analysis reports although no attack arrives (a false positive).
Aim = Literal["fix", "evade", "alarm"]
AIMS: Final[tuple[Aim, ...]] = ("fix", "evade", "alarm")


@dataclass(frozen=True, slots=True)
class Honest:
    """What an honest user wants. It works where one of the requests has all effects: there may be two ways to ask."""

    name: str
    requests: tuple[Scenario, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """`attacks` are requests with a place for an attack; one arrives in a dangerous call of `file`.

    `rule` says which attacks are tried first, and what counts as dangerous: all of its category. `safe` and `works` are
    the sentences that tell the learner what the attacks must come to, by the `aim`, and what honest requests must still
    bring about.
    """

    honest: tuple[Honest, ...]
    attacks: tuple[Scenario, ...]
    rule: str
    file: str
    safe: str
    works: str
    aim: Aim = "fix"

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


def read_trial(fields: Fields) -> Trial:
    """The entry `trial` of an exercise."""
    honest = []
    for part in fields.parts("honest"):
        requests = tuple(_requests(part, "sends"))
        honest.append(Honest(part.text("name"), requests, tuple(map(read_effect, part.parts("effects")))))
        part.done()
        if not requests or not honest[-1].effects:
            raise mistake(part.node, "an honest request has `sends` and `effects`")
    attacks = tuple(_requests(fields, "attacks"))
    rule, file = fields.word("rule", tuple(ATTACKS)), fields.text("file")
    if not honest or not attacks or not all(PLACE in repr(one.parts) for one in attacks):
        raise mistake(fields.node, f"a trial has `honest` requests, and `attacks` with {PLACE} where they go")
    aim = next(one for one in AIMS if one == fields.word("aim", AIMS, "fix"))
    trial = Trial(tuple(honest), attacks, rule, file, fields.text("safe"), fields.text("works"), aim)
    fields.done()
    return trial


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
