"""What the kit knows of one AWS service."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from sls_lab.facts import Pattern, Reason


@dataclass(frozen=True, slots=True)
class Raised:
    """An event that a boto3 call may raise.

    `resources` are the names (never ARNs or URLs) of the bucket, queue, topic, … that the call may reach: several are
    alternatives, and an opaque pattern says that nothing is known. `actions` are the IAM actions the caller needs, one
    of each; `arns` the resources they are needed on, one for each of `resources`. `names` are the event names it can
    raise (`ObjectCreated:Put`, `INSERT`, `""` where the service names none). `facts` are what filters look at, by
    the service's own words (`key`, `Detail`, `Source`, …).
    """

    service: str
    resources: tuple[Pattern, ...]
    actions: tuple[str, ...]
    arns: tuple[Pattern, ...]
    names: tuple[str, ...]
    facts: Mapping[str, tuple[Pattern, ...]]
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class EventObject:
    """The event object a call delivers, as an expression over the call's own arguments.

    `expression` is a new tree whose leaves are the *original* argument nodes of the call (the same objects, which keep
    their places); synthesised nodes carry no `lineno`. `because` says where each piece of user data stands and why.
    """

    expression: ast.expr
    because: tuple[Reason, ...]
