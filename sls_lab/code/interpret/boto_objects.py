"""boto3's objects, what their attributes are, and what one makes of another."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from sls_lab.aws.arn import REGION, arn_name, resource_arn
from sls_lab.aws.boto_classes import collection_class, collection_name, identifiers
from sls_lab.code.interpret.objects import EnumMember
from sls_lab.code.interpret.values import Atom, Because, External, Method, Scalar, Text, Unknown, Value, text, unknown
from sls_lab.facts import Reason


class Boto(Atom):
    """An object of boto3."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class BotoSession(Boto):
    """A boto3 (or aioboto3, botocore) session."""

    because: Because = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class BotoClient(Boto):
    """A boto3 client by its service."""

    service: str
    because: Because = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class BotoService(Boto):
    """What `boto3.resource(service)` gives."""

    service: str
    because: Because = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class BotoResource(Boto):
    """A resource object such as `Bucket` or `Table`; `identifiers` by the parameter that clients call them.

    `site` is the call that made it and `nodes` its arguments there; `parent` the resource it was made from.
    """

    service: str
    kind: str
    identifiers: tuple[tuple[str, Value], ...]
    because: Because = field(default=(), compare=False)
    site: ast.Call | None = field(default=None, compare=False)
    nodes: tuple[tuple[str, ast.expr], ...] = field(default=(), compare=False)
    parent: BotoResource | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class BotoCollection(Boto):
    """A collection of resources such as `bucket.objects`; `kind` is that of its elements."""

    parent: BotoResource | BotoService
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class BotoHelper(Boto):
    """What works for one client or table: `kind` is `Paginator`, `Waiter` or `BatchWriter`."""

    kind: str
    service: str
    identifiers: tuple[tuple[str, Value], ...]
    because: Because = field(default=(), compare=False)


def boto_attribute(atom: Boto, name: str) -> Value:
    """An attribute of a boto3 object, or its method."""
    if name == "region_name":
        return text(REGION, (Reason("the region of the deployment"),), deployed=True)
    if name == "meta":
        return (Method(atom, "meta"),)
    if isinstance(atom, BotoClient) and name == "exceptions":
        return unknown("exceptions")
    if isinstance(atom, BotoResource):
        found = _resource_attribute(atom, name)
        if found:
            return found
    owner = atom.kind if isinstance(atom, BotoResource) else "ServiceResource"
    if isinstance(atom, BotoService | BotoResource) and (kind := collection_class(atom.service, owner, name)):
        return (BotoCollection(atom, name, kind),)
    return (Method(atom, name),)


def meta_attribute(atom: Atom, name: str) -> Value:
    """An attribute of `client.meta` or `table.meta`."""
    if name == "region_name":
        return text(REGION, (Reason("the region of the deployment"),), deployed=True)
    if name == "client" and isinstance(atom, BotoResource | BotoService):
        return (BotoClient(atom.service, atom.because),)
    if name == "client" and isinstance(atom, BotoClient):
        return (atom,)
    return unknown(f"meta.{name}")


def _resource_attribute(atom: BotoResource, name: str) -> Value:
    values = dict(atom.identifiers)
    for attribute, parameter in identifiers(atom.service, atom.kind):
        if name in (attribute, f"{atom.kind.lower()}_{attribute}"):
            return values.get(parameter, ())
    if atom.kind == "Table" and name == "table_arn":
        names = [value.pattern for value in values.get("TableName", ()) if isinstance(value, Text)]
        return tuple(Text(resource_arn("dynamodb", arn_name("dynamodb", name))) for name in names)
    if atom.kind in ("Message", "ObjectSummary", "Object") and name in ("body", "e_tag", "message_id", "last_modified"):
        return unknown(f"{atom.kind.lower()}.{name}")
    return ()


def collection_element(atom: BotoCollection, label: str) -> Atom:
    """One element of a collection: of the same parent, with the rest unknown."""
    brought = dict(atom.parent.identifiers) if isinstance(atom.parent, BotoResource) else {}
    service = atom.parent.service
    parameters = [parameter for _, parameter in identifiers(service, atom.kind)]
    names = [attribute for attribute, _ in identifiers(service, atom.kind)]
    known = tuple(
        (parameter, brought.get(parameter) or unknown(f"{label}.{attribute}"))
        for attribute, parameter in zip(names, parameters, strict=True)
    )
    return BotoResource(service, atom.kind, known, atom.parent.because)


def receiver_name(atom: Boto) -> str:
    """What a boto3 object is called as the receiver of a call."""
    match atom:
        case BotoClient():
            return "client"
        case BotoService():
            return "ServiceResource"
        case BotoResource(kind=kind) | BotoHelper(kind=kind):
            return kind
        case BotoCollection(parent=parent, name=name):
            owner = parent.kind if isinstance(parent, BotoResource) else ""
            return collection_name(owner, name)
    return "Session"


def service_of(atom: Boto) -> str:
    """The service that a boto3 object is for; empty for a session."""
    match atom:
        case BotoCollection(parent=parent):
            return parent.service
        case BotoClient(service=service) | BotoService(service=service):
            return service
        case BotoResource(service=service) | BotoHelper(service=service):
            return service
    return ""


def plain(value: Value) -> Value:
    """Keep the alternatives that are like strings; anything else becomes unknown, so that identifiers never nest."""
    strings = tuple(atom for atom in value if isinstance(atom, Text | Unknown | Scalar | External | EnumMember))
    return strings if strings or not value else unknown("…")
