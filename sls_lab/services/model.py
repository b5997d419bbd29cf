"""What the kit knows of one AWS service."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.template.model import Relay, State, Trigger

NO_FACTS: Mapping[str, tuple[Pattern, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a call sends, of possibly several.

    `node` is the expression for it. Where the things come from a comprehension, or from a list of which nothing is
    known, `generators` are the `for` clauses around it: it represents each of them.
    """

    node: ast.expr
    generators: tuple[ast.comprehension, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """An event that a boto3 call may raise.

    `resources` are the names (never ARNs or URLs) of the bucket, queue, topic, … that the call may reach: several are
    alternatives, and an opaque pattern says that nothing is known. `actions` are the IAM actions the caller needs, one
    of each; `arns` the resources they are needed on, one for each of `resources`. `names` are the event names it can
    raise (`ObjectCreated:Put`, `INSERT`, `""` where the service names none). `facts` are what filters look at, by
    the service's own words (`key`, `Detail`, `Source`, …). `element` is the message, entry or request that raises it
    where the call sends several, None where the whole call does. `station` is the service of `resources` where that is
    not the one that is called; `passed` are further permissions that the caller needs, as pairs of action and ARN.
    """

    service: str
    resources: tuple[Pattern, ...]
    actions: tuple[str, ...]
    arns: tuple[Pattern, ...]
    names: tuple[str, ...]
    facts: Mapping[str, tuple[Pattern, ...]]
    because: tuple[Reason, ...]
    element: Element | None = None
    station: str = ""
    passed: tuple[tuple[str, Pattern], ...] = ()

    @property
    def at(self) -> str:
        """The service whose resource the event arrives at."""
        return self.station or self.service


@dataclass(frozen=True, slots=True)
class EventObject:
    """The event object a call delivers, as an expression over the call's own arguments.

    `expression` is a new tree whose leaves are the *original* argument nodes of the call (the same objects, which keep
    their places); synthesised nodes carry no `lineno`. It may use the standard modules `json` and `base64` by these
    names. `because` says where each piece of user data is and why.
    """

    expression: ast.expr
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Payload:
    """What travels at one station of an event's way, in the words of the service that holds it there.

    `parts` are expressions by name (`body`; `bucket` and `key`; `Keys`, `NewImage` and `OldImage`; …), `names` the
    event's possible names, `facts` the patterns that name filters look at, `generators` as in `Element`.
    """

    service: str
    parts: Mapping[str, ast.expr]
    names: tuple[str, ...] = ("",)
    facts: Mapping[str, tuple[Pattern, ...]] = field(default_factory=lambda: NO_FACTS)
    generators: tuple[ast.comprehension, ...] = ()
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Whether an event passes a filter, why, and what is left of it (the event names that pass)."""

    verdict: Verdict
    because: tuple[Reason, ...]
    payload: Payload


ContentKind = Literal["body", "path", "file", "copy", "upload"]


@dataclass(frozen=True, slots=True)
class StoredContent:
    """What an S3 call makes the content of an object.

    A `path` is that of a local file whose content is stored, a `file` an open file, a `copy` names another object. An
    `upload` is of whoever is given the signature that the call, which is the expression, makes. `key` is the object's.
    """

    expression: ast.expr
    kind: ContentKind
    key: ast.expr | None = None

    @property
    def is_path(self) -> bool:
        """Whether the expression is a local path and not the content."""
        return self.kind == "path"


class DeliveringEdge(Protocol):
    """What is needed to know of an edge to build the event objects it delivers (`events.model.Edge` is one)."""

    @property
    def call(self) -> BotoCall | None:
        """The call, None for a transition between task states."""

    @property
    def trigger(self) -> Trigger | None:
        """The trigger that is woken, None for `invoke` and for task states."""

    @property
    def relays(self) -> tuple[Relay, ...]:
        """The declared paths between the call's resource and the trigger's."""

    @property
    def raised(self) -> tuple[Raised, ...]:
        """The events of the call that this edge delivers; empty for all that the call raises."""

    @property
    def sent(self) -> tuple[State, ...]:
        """The states that lead to one that sends the event itself; empty where a call raises it."""

    @property
    def states(self) -> tuple[State, ...]:
        """The states from the one that the machine starts at (or that ended) to the woken task."""
