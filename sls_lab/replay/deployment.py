"""A template as it is once it is deployed: every name made up, every unknown part given a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from sls_lab.aws.arn import parse_arn
from sls_lab.facts import Hole, HoleKind, Pattern, Span
from sls_lab.template.model import Function, Resource, Template
from sls_lab.template.shared.node import Node

ACCOUNT: Final = "123456789012"  #: moto's
_REGION: Final = "us-east-1"  #: where nothing in the template says another
_REGIONAL: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deployment:
    """`template` has no hole left in any name; `region` is the one that it is deployed to."""

    template: Template
    region: str


def deploy(template: Template, made: Mapping[str, str] | None = None) -> Deployment:
    """The template deployed. `made` gives, by label, identifiers that AWS makes up (a user pool's)."""
    region = region_of(template)
    names = {
        "AWS::Region": region,
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
    }
    fifo = (hole for one in template.resources if is_fifo(one) for hole in one.name.holes)
    queues = {one.label: f"{_made_up(one)}.fifo" for one in fifo if one.kind is HoleKind.GENERATED}
    return Deployment(_filled(template, _Namer({**names, **queues, **(made or {})})), region)


def is_fifo(resource: Resource) -> bool:
    """Whether a resource is a queue that keeps its order; its name, made up or not, ends in `.fifo`.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
    """
    if resource.type != "AWS::SQS::Queue":
        return False
    return str(resource.name).endswith(".fifo") or plain(resource.properties.get("FifoQueue")) in (True, "true")


def region_of(template: Template) -> str:
    """The region that ARNs and URLs of the template are written with, else us-east-1."""
    for pattern in _patterns(template):
        arn = parse_arn(pattern)
        found = arn.region.text if arn is not None else None
        if found is None and pattern.parts and isinstance(pattern.parts[0], str):
            host = re.match(r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com/", pattern.parts[0])
            found = host[1] if host else None
        if found and _REGIONAL.fullmatch(found):
            return found
    return _REGION


def _patterns(template: Template) -> Iterator[Pattern]:
    for function in template.functions:
        for statement in function.role.statements:
            yield from statement.resources
        yield from (variable.value for variable in function.environment.values())
        for trigger in function.triggers:
            yield from (node.value for node in trigger.settings.values() if isinstance(node.value, Pattern))


class _Namer:
    """Gives each hole a string, the same one wherever its label occurs."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known

    def text(self, pattern: Pattern) -> Pattern:
        """The pattern without holes."""
        return Pattern.of(*(self._name(part) if isinstance(part, Hole) else part for part in pattern.parts))

    def _name(self, hole: Hole) -> str:
        if hole.label in self._known:
            return self._known[hole.label]
        return _made_up(hole)


def _made_up(hole: Hole) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", hole.label.lower()).strip("-") or "x"
    return f"{name}-1a2b3c4d" if hole.kind is HoleKind.GENERATED else name


def _filled(value: T, namer: _Namer) -> T:
    """A value of the template room with every pattern in it filled."""
    found: Any = value
    if isinstance(value, Pattern):
        found = namer.text(value) if value.holes else value
    elif isinstance(value, Span | str | int | float) or value is None:
        found = value
    elif isinstance(value, Node):
        inner = _filled(value.value, namer)
        found = value if inner is value.value else replace(value, value=inner)
    elif isinstance(value, tuple):
        found = _changed(value, tuple(_filled(inner, namer) for inner in value))
    elif isinstance(value, Mapping):
        entries = {_filled(key, namer): _filled(inner, namer) for key, inner in value.items()}
        same = all(key in value and value[key] is inner for key, inner in entries.items())
        found = value if same else MappingProxyType(entries)
    elif is_dataclass(value) and not isinstance(value, type):
        old = {one.name: getattr(value, one.name) for one in fields(value) if one.init and one.name != "because"}
        new = {name: _filled(inner, namer) for name, inner in old.items()}
        changed = {name: inner for name, inner in new.items() if inner is not old[name]}
        found = replace(value, **changed) if changed else value
    return found  # type: ignore[no-any-return]


def _changed(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    return old if all(one is other for one, other in zip(old, new, strict=True)) else new


def function_arn(function: Function, region: str) -> str:
    """The ARN of a function of the deployment."""
    return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{function.deployed_name}"


def plain(node: Node | None) -> Any:
    """A template's value as plain data; strings as they are."""
    if node is None:
        return None
    value = node.value
    if isinstance(value, Pattern):
        return str(value)
    if isinstance(value, tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return value
