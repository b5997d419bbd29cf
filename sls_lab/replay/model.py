"""What a replay gives: hop by hop what was received, called, delivered, refused, and what reached a dangerous call.

All of it is data that JSON can say; `as_json` of `sls_lab.replay.as_json` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from sls_lab.facts import Span

CallOutcome = Literal["done", "answered", "refused", "failed"]
Ending = Literal["returned", "raised", "timed-out", "exited", "out-of-memory", "missing", "killed"]
Arrival = Literal["delivered", "filtered", "outside", "nobody", "not-run", "bound"]
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outside:
    """A call of AWS from outside the application: an upload to a public bucket, an item that is already stored.

    `service` and `api` are boto3's words (`s3`, `put_object`), `arguments` those of the client's method.
    """

    service: str
    api: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to an application. `at` names a function (with `event`) or is empty (`given` alone).

    `event` is the whole event object that the function is called with. `given` are calls made before it; what they
    wake is replayed too. `marker` is the part of the request whose way is followed, empty where none is. `then` is sent
    after it, and finds what it has stored. `followed` are the strings that the request chose, for reports to mark;
    `network` is the HTTP status with which every other host answers; from 500 on, no database can be reached.
    """

    at: str
    event: Any = None
    given: tuple[Outside, ...] = ()
    marker: str = ""
    name: str = ""
    then: Request | None = None
    followed: tuple[str, ...] = ()
    network: int = 200

    def following(self, texts: tuple[str, ...]) -> Request:
        """The same request, with other strings for reports to mark; empty ones are left out."""
        return replace(self, followed=tuple(filter(None, texts)))


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence about one place: what went wrong, or what a reader should know."""

    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call of AWS. `outcome` is `refused` where the role does not allow it; `error` has AWS's words then.

    `answered` is what the kit itself answers (invocations, state machines, what moto lacks).
    """

    service: str
    api: str
    arguments: Mapping[str, Any]
    outcome: CallOutcome
    span: Span | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Danger:
    """One dangerous call, recorded and not carried out.

    `kind` is what it is (`shell`, `program`, `code`, `pickle`, `yaml`, `sql`, `file`, `file-removal`, `url`, `mail`,
    `message`, `template`, `archive`, …), `name` the function, `value` what it was given. `reached` says that the
    marker arrived in it in any form, `live` that it arrived with its power: as a command, as code, as an address.
    """

    kind: str
    name: str
    value: Any
    span: Span | None
    detail: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    reached: bool = False
    live: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that a call (or a handler's outcome) raised, and where it went.

    `call` is the index of the call in its hop, None for an outcome or a state machine's step. `target` is the woken
    function, None if there is none. `hop` is the number of the hop that it woke, None where it woke none.
    """

    service: str
    resource: str
    target: str | None
    arrival: Arrival
    call: int | None
    why: str = ""
    via: tuple[str, ...] = ()
    hop: int | None = None


@dataclass(frozen=True, slots=True)
class SeenVariable:
    """A variable that held what was sent, after line `line` of a file had run."""

    file: str
    line: int
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class ValueAsked:
    """What a handler asked of a value, where the replay was to listen for it.

    `what` is `key` or `optional` (at `path` of `root`: `event`, `json:` or `form:` and what was parsed, or `answer:`
    and the index of a call), `json`, `base64`, `number`, `mapping`, `list` (what the string `text` should have been),
    `equals`, `starts`, `ends`, `holds`, `parts`, `matches`, `chosen` (what `text` was compared with: `wanted`),
    `nothing` (the answer of a call that found nothing; `wanted` has what it looked for), or `raised` (`text` is what an
    error says, whether it is caught or not).
    """

    what: str
    root: str
    path: tuple[str | int, ...]
    text: str
    wanted: Any


@dataclass(frozen=True, slots=True)
class Hop:
    """One run of one handler. `woken_by` is the number of the hop whose call woke it, None for the request itself.

    `request` is the place, from 0, of the request that it belongs to among those that were sent one after the other.
    """

    number: int
    handler: str
    event: Any
    woken_by: int | None
    attempt: int
    ending: Ending
    result: Any = None
    error: str = ""
    span: Span | None = None  #: where it was raised
    output: str = ""
    calls: tuple[Call, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    dangers: tuple[Danger, ...] = ()
    notes: tuple[Note, ...] = ()
    seen: tuple[SeenVariable, ...] = ()
    request: int = 0
    asked: tuple[ValueAsked, ...] = ()
    lines: frozenset[tuple[str, int]] = frozenset()  #: of the application that have run, where it listened


@dataclass(frozen=True, slots=True)
class Observed:
    """One edge that was seen: `source`'s call woke `target`. `span` is the call's place, None for none."""

    source: str
    target: str
    service: str
    api: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What happened on one request. `missing` is the module without which nothing could be replayed, else empty."""

    application: str
    request: Request
    hops: tuple[Hop, ...]
    notes: tuple[Note, ...] = ()
    missing: str = ""

    @property
    def replayed(self) -> bool:
        """Whether the application could be run at all."""
        return not self.missing

    @property
    def observed(self) -> tuple[Observed, ...]:
        """The edges that were seen, each once."""
        found: dict[tuple[str, str, str, str], Observed] = {}
        for hop in self.hops:
            for delivery in hop.deliveries:
                if delivery.arrival == "delivered" and delivery.target is not None:
                    call = hop.calls[delivery.call] if delivery.call is not None else None
                    api = call.api if call else "next"
                    service = call.service if call else delivery.service
                    edge = Observed(hop.handler, delivery.target, service, api, call.span if call else None)
                    found.setdefault((edge.source, edge.target, service, str(edge.span)), edge)
        return tuple(found.values())
