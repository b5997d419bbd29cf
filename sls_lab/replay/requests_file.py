"""An application's `requests.yml`: requests of its own, honest ones and attacks.

requests:
  - name: a recording
    at: submit                                   # a function
    body: {title: Ave Maria, audio: ""}          # as JSON; a string is sent as it is
    method: POST                                 # for a function that HTTP requests wake; else as its trigger says
    query: {…}  path: {…}  headers: {…}          # too; `path` are the route's parameters, or all of it: /a/b
    event: {…}                                   # the whole event object, for any other
    given:                                       # calls of AWS that are made before
      - {service: s3, api: put_object, arguments: {Bucket: photos, Key: a.png, Body: ""}}
                                                 # `${Members}` is the identifier of the user pool `Members`
    network: 503                                 # with which other hosts answer, else 200; a database is not reached
  - name: a title that ends the quotes
    attack: true                                 # `{marker}` is where the attack is put
    …
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sls_lab.facts import SlsLabError
from sls_lab.replay.deployment import Deployment, plain
from sls_lab.replay.http_requests import Sent, http_event, http_trigger, usual_event
from sls_lab.replay.model import Outside, Request
from sls_lab.replay.request_parts import Change, PartPath, at, changed, places, written
from sls_lab.template.model import Template
from sls_lab.template.shared.application_files import read_text
from sls_lab.template.shared.plain_tree import plain_node
from sls_lab.template.shared.raw_tree import parse_raw

FILE: Final = "requests.yml"
PLACE: Final = "{marker}"
_PARTS: Final = ("body", "query", "path", "headers", "event")
_KNOWN: Final = frozenset({*_PARTS, "name", "at", "given", "attack", "method", "network"})


class UnreadableRequests(SlsLabError):
    """A file of requests, or one request, cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One request as it is written down. `parts` are `body`, `query`, `path`, `headers` and `event`, where given.

    `stored` are calls that an application's owner has made before it: nobody attacks with them. The part `context` is
    what API Gateway knows of whoever sends it; it may be given for requests over HTTP.
    """

    name: str
    at: str
    attack: bool = False
    parts: Mapping[str, Any] = field(default_factory=dict)
    given: tuple[Outside, ...] = ()
    method: str = ""
    next: Scenario | None = None
    network: int = 200
    stored: tuple[Outside, ...] = ()

    def then(self, other: Scenario) -> Scenario:
        """The request, and another one after it that finds what this one has stored."""
        return replace(self, next=other)

    def strings(self) -> Iterator[PartPath]:
        """The place of each string that an outsider chooses, in the parts and in the calls that are made before."""
        yield from places({word: part for word, part in self.parts.items() if word != "context"})
        for number, call in enumerate(self.given):
            for place in places(dict(call.arguments)):
                if place[0] not in ("Bucket", "TableName", "QueueUrl", "TopicArn", "Name", "UserPoolId"):
                    yield ("given", number, *place)

    def text(self, place: PartPath) -> str:
        """The string at a place that an outsider chooses."""
        given = [dict(call.arguments) for call in self.given]
        return str(at({**self.parts, "given": given}, place))

    def attacked(self, place: PartPath, attack: str) -> Scenario:
        """The same with an attack in the place of one string; what follows, and what was stored, follows the change."""
        before = self.text(place)

        def follow(_: PartPath, value: str) -> str:
            return value.replace(before, attack) if len(before) > 1 else value

        made = self.changed(lambda one, text: attack if one == place else text)
        stored = tuple(Outside(one.service, one.api, changed(dict(one.arguments), (), follow)) for one in self.stored)
        return replace(made, stored=stored, next=self.next.changed(follow) if self.next is not None else None)

    def changed(self, change: Change) -> Scenario:
        """The same with each string replaced by what `change` makes of it and its place."""
        parts = {word: changed(value, (word,), change) for word, value in self.parts.items()}
        given = tuple(
            Outside(call.service, call.api, changed(dict(call.arguments), ("given", number), change))
            for number, call in enumerate(self.given)
        )
        return replace(self, parts=parts, given=given)

    def request(self, deployment: Deployment, marker: str = "") -> Request:
        """The request that is sent to a deployment. Raises UnreadableRequests for a function that is not there."""
        found = [one for one in deployment.template.functions if one.name == self.at]
        if self.at and not found:
            names = ", ".join(one.name for one in deployment.template.functions) or "none"
            raise UnreadableRequests(f"there is no function {self.at}; the functions are {names}")
        event: Any = None
        if found:
            path = self.parts.get("path")
            trigger = http_trigger(found[0], self.method, path if isinstance(path, str) else "")
            if "event" in self.parts:
                event = written(self.parts["event"])
            elif trigger is not None:
                event = http_event(trigger, self._sent())
            elif "body" in self.parts:
                event = written(self.parts["body"])
            else:
                event = usual_event(found[0], deployment.region)
        after = self.next.request(deployment, marker) if self.next is not None else None
        before = tuple(
            Outside(one.service, one.api, written(dict(one.arguments))) for one in (*self.stored, *self.given)
        )
        return Request(self.at, event, before, marker, self.name, after, self._followed(), self.network)

    def _followed(self) -> tuple[str, ...]:
        """The strings that the request chose, the longest first, without those so short that they occur by chance."""
        found: set[str] = set()

        def note(place: PartPath, text: str) -> str:
            found.add(text)
            return text

        self.changed(note)
        return tuple(sorted((text for text in found if len(text) > 2), key=lambda text: (-len(text), text)))

    def _sent(self) -> Sent:
        body = written(self.parts.get("body"))
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        path = self.parts.get("path")
        query, filled, headers = (_texts(written(self.parts.get(word))) for word in ("query", "path", "headers"))
        whole = path if isinstance(path, str) else ""
        return Sent(text, query, filled, headers, self.method, whole, written(self.parts.get("context") or {}))


def read_requests(root: Path, template: Template) -> tuple[Scenario, ...]:
    """The requests of the application in `root`; empty where it has none. Raises UnreadableRequests."""
    if not (root / FILE).is_file():
        return ()
    text = read_text(root, FILE)
    if not isinstance(text, str):
        raise UnreadableRequests(text.message)
    tree = _parsed(text, FILE)
    listed = tree.get("requests") if isinstance(tree, Mapping) else None
    if not isinstance(listed, list):
        raise UnreadableRequests(f"{FILE} has no list `requests`")
    return tuple(scenario_of(one, f"{FILE}, request {number}") for number, one in enumerate(listed, 1))


def read_request(text: str, file: str) -> Scenario:
    """One request, as YAML or JSON in the form of an entry of `requests.yml`. Raises UnreadableRequests."""
    return scenario_of(_parsed(text, file), file)


def scenario_of(entry: Any, where: str) -> Scenario:
    """One request. Raises UnreadableRequests with `where` it is."""
    if not isinstance(entry, Mapping):
        raise UnreadableRequests(f"{where}: a request is a mapping")
    unknown = sorted(set(map(str, entry)) - _KNOWN)
    if unknown:
        raise UnreadableRequests(f"{where}: {unknown[0]} is nothing that a request has ({', '.join(sorted(_KNOWN))})")
    given = []
    for call in entry.get("given") or []:
        if not isinstance(call, Mapping) or not {"service", "api", "arguments"} <= set(call):
            raise UnreadableRequests(f"{where}: a call in `given` has service, api and arguments")
        given.append(Outside(str(call["service"]), str(call["api"]), call["arguments"]))
    parts = {word: entry[word] for word in _PARTS if word in entry}
    for word in ("query", "path", "headers"):
        if word in parts and not isinstance(parts[word], Mapping) and not (word == "path" and _is_path(parts[word])):
            also = ", or a string that begins with /" if word == "path" else ""
            raise UnreadableRequests(f"{where}: {word} is a mapping{also}")
    name, at = str(entry.get("name", where)), str(entry.get("at") or "")
    network = entry.get("network", 200)
    if not isinstance(network, int) or not 200 <= network <= 599:
        raise UnreadableRequests(f"{where}: network is an HTTP status")
    attack, method = entry.get("attack") is True, str(entry.get("method", ""))
    return Scenario(name, at, attack, parts, tuple(given), method, None, network)


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("/")


def _parsed(text: str, file: str) -> Any:
    """YAML with the bounds of the template room: no object is made, and no alias grows without end."""
    raw, problems = parse_raw(text, file)
    if raw is None or problems:
        first = problems[0] if problems else None
        where = f" (line {first.span.line})" if first is not None and first.span is not None else ""
        raise UnreadableRequests(f"{file} cannot be read{where}: {first.message if first else 'it is empty'}")
    return plain(plain_node(raw))


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(inner) for key, inner in value.items()} if isinstance(value, Mapping) else {}
