"""Requests that come further than one that was tried: what its handlers asked for is added, and what they compared.

A value that the kit makes up is a string of its own, so that the place it comes from is known wherever it is seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sls_lab.replay.complaints import complaints, lacking
from sls_lab.replay.deployment import Deployment
from sls_lab.replay.exchange import texts_in
from sls_lab.replay.fitting_strings import fitting, plausible
from sls_lab.replay.http_requests import http_trigger
from sls_lab.replay.model import Hop, Outside, Replay, ValueAsked
from sls_lab.replay.request_parts import Encoded, PartPath, at, texts_with_places, with_value
from sls_lab.replay.requests_file import Scenario
from sls_lab.replay.seeds import holds, not_found, plain_item, same_place, seed, without_types

_PARTS: Final = {"queryStringParameters": "query", "pathParameters": "path", "headers": "headers", "body": "body"}
_FORMS: Final = frozenset({"json", "base64", "mapping", "number"})
#: What is tried for one string after the other, the most telling first.
_CHOSEN: Final = ("equals", "starts", "chosen", "matches", "ends", "list", "parts", "holds")
_DOUBTFUL: Final = ("ends", "parts", "holds")  #: as often what must not be
_TOKEN: Final = "value"
_CALLER: Final = ("authorizer", "identity")  #: who sends a request, as an API knows it
_CHOICES: Final = 12  #: keys of one mapping that are tried


def improved(scenario: Scenario, replay: Replay, deployment: Deployment) -> Iterator[tuple[Scenario, int]]:
    """Requests to try next, and how much of a guess each is: 0 for what was asked for."""
    chain = _chain(scenario)
    for hop in replay.hops:
        yield from ((linked, 0) for linked in _linked(chain, replay, hop, deployment))
    for optional in (True, False):
        better = _Better(list(chain), deployment)
        for hop in replay.hops:
            better.shaped(hop, optional)
        yield better.scenario(), 0
    asked = [one for hop in replay.hops for one in (*hop.asked, *complaints(hop)) if one.what in _CHOSEN]
    for one in sorted(asked, key=lambda one: _CHOSEN.index(one.what)):
        yield from ((chosen, 3 if one.what in _DOUBTFUL else 1) for chosen in _chosen(chain, one, deployment))


def _chain(scenario: Scenario) -> list[Scenario]:
    found = [scenario]
    while (following := found[-1].next) is not None:
        found.append(following)
    return found


def _joined(chain: list[Scenario]) -> Scenario:
    made = chain[-1]
    for one in reversed(chain[:-1]):
        made = replace(one, next=made)
    return made


def _tree(scenario: Scenario) -> dict[str, Any]:
    stored = [dict(one.arguments) for one in scenario.stored]
    return {"parts": dict(scenario.parts), "given": [dict(one.arguments) for one in scenario.given], "stored": stored}


def _of_tree(scenario: Scenario, tree: Mapping[str, Any]) -> Scenario:
    given, stored = (
        tuple(Outside(one.service, one.api, arguments) for one, arguments in zip(calls, tree[word], strict=True))
        for word, calls in (("given", scenario.given), ("stored", scenario.stored))
    )
    return replace(scenario, parts=tree["parts"], given=given, stored=stored)


def _found(chain: Sequence[Scenario], text: str, *, part: bool = True) -> tuple[int, PartPath] | None:
    """Where in the requests a string comes from: the place of one that is the same, else of one that is part of it."""
    within: tuple[int, PartPath] | None = None
    for number, scenario in enumerate(chain):
        for place, one in texts_with_places(_tree(scenario)):
            if one.lower() == text.lower():
                return number, place
            if part and within is None and _TOKEN in one and one.lower() in text.lower():
                within = (number, place)
    return within


@dataclass
class _Better:
    chain: list[Scenario]
    deployment: Deployment
    sent: tuple[Scenario, ...] = ()  #: the requests as they were tried, in which strings are looked up

    def __post_init__(self) -> None:
        self.sent = tuple(self.chain)

    def scenario(self) -> Scenario:
        """The request as it is now."""
        return _joined(self.chain)

    def token(self) -> str:
        """A string that occurs nowhere yet."""
        written = repr(self.chain)
        number = 1
        while f"{_TOKEN}{number}" in written:
            number += 1
        return f"{_TOKEN}{number}"

    def put(self, number: int, place: PartPath, value: Any) -> None:
        """Change one value."""
        scenario = self.chain[number]
        self.chain[number] = _of_tree(scenario, with_value(_tree(scenario), place, value))

    def shaped(self, hop: Hop, optional: bool) -> None:
        """Give what a hop looked for, in the form that it wanted."""
        for index, call in enumerate(hop.calls):
            nothing = next((one for one in hop.asked if one.what == "nothing" and one.root == f"answer:{index}"), None)
            if nothing is not None or not_found(call):
                wanted = nothing.wanted if nothing is not None and isinstance(nothing.wanted, Mapping) else {}
                self._stored(seed(call, wanted, self.deployment, self.token), hop)
        for asked in hop.asked:
            if asked.what == "key" or (asked.what == "optional" and optional):
                self._key(hop, asked)
        for asked in (*hop.asked, *complaints(hop)):
            if asked.what in _FORMS:
                self._form(hop, asked)
        if not any(one.what == "key" for one in hop.asked):
            self._lacking(hop)

    def _stored(self, call: Outside | None, hop: Hop) -> None:
        number = min(hop.request, len(self.chain) - 1)
        scenario = self.chain[number]
        if call is not None and not any(same_place(call, one) for one in scenario.stored):
            self.chain[number] = replace(scenario, stored=(*scenario.stored, call))

    def _key(self, hop: Hop, asked: ValueAsked) -> None:
        found = self._container(hop, asked)
        if found is None:
            return
        number, container = found
        key = asked.path[-1]
        holder = at(_tree(self.chain[number]), container)
        while isinstance(holder, Encoded):
            holder = holder.value
        if isinstance(holder, Mapping) and key in holder:
            return
        value = plausible(key, self.token())
        if not (len(container) > 1 and container[:2] == ("parts", "body")) and isinstance(value, int):
            value = str(value)
        if container == ("parts",):
            value = Encoded("json", {}) if key == "body" else {}
        self.put(number, (*container, key), value)

    def _container(self, hop: Hop, asked: ValueAsked) -> tuple[int, PartPath] | None:
        """Where in the requests the mapping is that lacks a key."""
        number = min(hop.request, len(self.chain) - 1)
        if asked.root == "event" and hop.woken_by is None:
            return self._of_event(number, asked.path, asked.what == "key")
        if asked.root.startswith("answer:"):
            return self._of_answer(number, hop, asked)
        value: Any = hop.event
        if asked.root.startswith("form:"):
            found = _found(self.sent, asked.root.removeprefix("form:"), part=False)
            if found is None or len(asked.path) > 1:
                return None
            if not isinstance(at(_tree(self.chain[found[0]]), found[1]), Encoded):
                self.put(*found, Encoded("form", {}))
            return found
        if asked.root.startswith("json:"):
            text = asked.root.removeprefix("json:")
            found = _found(self.sent, text, part=False)
            if found is not None:
                return found[0], (*found[1], *asked.path[:-1])
            value = json.loads(text)
        return self._aligned(at(value, asked.path[:-1])) or self._aligned(value)

    def _of_event(self, number: int, path: PartPath, required: bool) -> tuple[int, PartPath] | None:
        scenario = self.chain[number]
        function = self.deployment.template.function(scenario.at)
        if "event" in scenario.parts or http_trigger(function) is None:
            return number, ("parts", "event", *path[:-1])
        part = _PARTS.get(str(path[0]))
        if len(path) == 1:
            return (number, ("parts",)) if part == "body" and "body" not in scenario.parts else None
        if path[0] == "requestContext":
            if not required and path[1] not in _CALLER:
                return None
            return number, ("parts", "context", *path[1:-1])
        if part is None or (part == "path" and isinstance(scenario.parts.get("path"), str)):
            return None
        return number, ("parts", part, *path[1:-1])

    def _of_answer(self, number: int, hop: Hop, asked: ValueAsked) -> tuple[int, PartPath] | None:
        index = int(asked.root.removeprefix("answer:"))
        if index >= len(hop.calls):
            return None
        path = without_types(asked.path)
        for place, one in enumerate(self.chain[number].stored):
            if holds(one, hop.calls[index]) and path[0] in ("Item", "Items"):
                rest = path[1:] if path[0] == "Item" else path[2:]
                return (number, ("stored", place, "Item", *rest[:-1])) if rest else None
        return None

    def _aligned(self, value: Any) -> tuple[int, PartPath] | None:
        """The mapping in a request that a mapping elsewhere was made of: the one that has a string of it."""
        for text in texts_in(value) if isinstance(value, Mapping) else ():
            found = _found(self.sent, text) if _TOKEN in text else None
            if found is not None and len(found[1]) > 2:
                return found[0], found[1][:-1]
        return None

    def _form(self, hop: Hop, asked: ValueAsked) -> None:
        """Give a string the form that was wanted of it."""
        found = _found(self.sent, asked.text)
        if found is None and asked.what == "json":
            found = self._without_body(hop)
        if found is None:
            return
        number, place = found
        value: Any = Encoded("json", {})
        if asked.what == "mapping":
            value = {str(step): self.token() for step in asked.path}
        elif asked.what == "base64":
            value = Encoded("base64", asked.text)
        elif asked.what == "number":
            value = "1"
        self.put(number, place, value)

    def _without_body(self, hop: Hop) -> tuple[int, PartPath] | None:
        """Where the body belongs that is parsed, and was not sent."""
        number = min(hop.request, len(self.chain) - 1)
        sent = isinstance(hop.event, Mapping) and hop.woken_by is None and not hop.event.get("body")
        return (number, ("parts", "body")) if sent and "event" not in self.chain[number].parts else None

    def _lacking(self, hop: Hop) -> None:
        """What errors and refusals say is lacking, in the body of the request or else in its query."""
        number = min(hop.request, len(self.chain) - 1)
        body = at(_tree(self.chain[number]), ("parts", "body"))
        part = "body" if isinstance(body, Encoded) else "query"
        for place in lacking(hop):
            where: PartPath = ("parts", part, *place)
            if at(_tree(self.chain[number]), where) is None and self.chain[number].at:
                value = plausible(place[-1], self.token())
                self.put(number, where, value if part == "body" else str(value))


def _chosen(chain: list[Scenario], asked: ValueAsked, deployment: Deployment) -> Iterator[Scenario]:
    """The requests in which a string is what it was compared with."""
    found = _found(chain, asked.text)
    for value in _wanted(asked):
        better = _Better(list(chain), deployment)
        if found is not None:
            better.put(*found, value)
        elif not _addressed(better, asked.text, value):
            continue
        yield better.scenario()


def _wanted(asked: ValueAsked) -> Iterator[Any]:
    wanted, text = asked.wanted, asked.text
    match asked.what:
        case "equals":
            yield str(wanted)
        case "starts":
            yield f"{wanted}{text}"
        case "ends":
            yield f"{text}{wanted}"
        case "list":
            yield [text]
        case "holds":
            yield f"{text}{wanted}{text}"
        case "parts":
            yield f"{text}{wanted}{text}"
        case "matches":
            made = fitting(str(wanted))
            if made is not None:
                yield made
        case "chosen":
            yield from wanted[:_CHOICES]


def _addressed(better: _Better, text: str, value: Any) -> bool:
    """Choose another method or path, where that was compared."""
    for number, scenario in enumerate(better.chain if isinstance(value, str) else ()):
        trigger = http_trigger(better.deployment.template.function(scenario.at), scenario.method)
        if trigger is None:
            continue
        event = scenario.request(better.deployment).event
        context = event.get("requestContext", {}).get("http", {})
        if text in (event.get("httpMethod"), context.get("method")) and value.isalpha():
            better.chain[number] = replace(scenario, method=value)
            return True
        for name, header in event.get("headers", {}).items():
            if header == text:
                headers = dict(scenario.parts.get("headers") or {})
                better.chain[number] = replace(scenario, parts={**scenario.parts, "headers": {**headers, name: value}})
                return True
        if text in (event.get("path"), event.get("rawPath")) and value.startswith("/"):
            better.chain[number] = replace(scenario, parts={**scenario.parts, "path": value})
            return True
    return False


def _linked(chain: list[Scenario], replay: Replay, hop: Hop, deployment: Deployment) -> Iterator[Scenario]:
    """A later request that looks for what an earlier one has stored, by the key that it has."""
    if not hop.request or hop.request >= len(chain):
        return
    puts = [call for one in replay.hops if one.request < hop.request for call in one.calls if call.outcome == "done"]
    for call in hop.calls:
        for put in puts:
            if put.service == call.service and put is not call:
                better = _Better(list(chain), deployment)
                if _follows(better, hop.request, _strings(put.arguments), _strings(call.arguments)):
                    yield better.scenario()


def _strings(arguments: Mapping[str, Any]) -> dict[str, str]:
    """The strings of a call that say what is meant: keys of items and names of objects."""
    found: dict[str, str] = {}
    for word in ("Item", "Key"):
        value = arguments.get(word)
        if isinstance(value, Mapping):
            found |= {name: one for name, one in plain_item(value).items() if isinstance(one, str)}
        elif isinstance(value, str):
            found[word] = value
    return found


def _follows(better: _Better, number: int, put: Mapping[str, str], sought: Mapping[str, str]) -> bool:
    done = False
    for name, wanted in sought.items():
        kept = put.get(name)
        if kept is None or kept == wanted:
            continue
        for place, text in list(texts_with_places(_tree(better.chain[number]))):
            before, middle, after = wanted.lower().partition(text.lower()) if text else ("", "", "")
            fits = kept.lower().startswith(before) and kept.lower().endswith(after)
            if middle and fits and place[0] == "parts":
                better.put(number, place, kept[len(before) : len(kept) - len(after)])
                done = True
                break
    return done
