"""boto3's objects: what their attributes are, and what one makes of another."""

from __future__ import annotations

from sls_lab.aws.arn import REGION, arn_name, resource_arn
from sls_lab.aws.boto_classes import collection_class, collection_name, identifiers
from sls_lab.code.interpret.values import (
    Atom,
    Boto,
    Client,
    Collection,
    EnumMember,
    External,
    Helper,
    Method,
    Resource,
    Scalar,
    Service,
    Session,
    Text,
    Unknown,
    Value,
    text,
    unknown,
)
from sls_lab.facts import Reason


def boto_attribute(atom: Boto, name: str) -> Value:
    """An attribute of a boto3 object that is no method, else the method."""
    if name == "region_name":
        return text(REGION, (Reason("the region of the deployment"),), deployed=True)
    if name == "meta":
        return (Method(atom, "meta"),)
    if isinstance(atom, Client) and name == "exceptions":
        return unknown("exceptions")
    if isinstance(atom, Resource):
        found = _resource_attribute(atom, name)
        if found:
            return found
    owner = atom.kind if isinstance(atom, Resource) else "ServiceResource"
    if isinstance(atom, Service | Resource) and (kind := collection_class(atom.service, owner, name)):
        return (Collection(atom, name, kind),)
    return (Method(atom, name),)


def meta_attribute(atom: Atom, name: str) -> Value:
    """An attribute of `client.meta` or `table.meta`."""
    if name == "region_name":
        return text(REGION, (Reason("the region of the deployment"),), deployed=True)
    if name == "client" and isinstance(atom, Resource | Service):
        return (Client(atom.service, atom.because),)
    if name == "client" and isinstance(atom, Client):
        return (atom,)
    return unknown(f"meta.{name}")


def _resource_attribute(atom: Resource, name: str) -> Value:
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


def collection_element(atom: Collection, label: str) -> Atom:
    """One element of a collection: of the same parent, with the rest unknown."""
    brought = dict(atom.parent.identifiers) if isinstance(atom.parent, Resource) else {}
    service = atom.parent.service
    parameters = [parameter for _, parameter in identifiers(service, atom.kind)]
    names = [attribute for attribute, _ in identifiers(service, atom.kind)]
    known = tuple(
        (parameter, brought.get(parameter) or unknown(f"{label}.{attribute}"))
        for attribute, parameter in zip(names, parameters, strict=True)
    )
    return Resource(service, atom.kind, known, atom.parent.because)


def receiver_name(atom: Boto) -> str:
    """What a boto3 object is called as the receiver of a call."""
    match atom:
        case Client():
            return "client"
        case Service():
            return "ServiceResource"
        case Resource(kind=kind) | Helper(kind=kind):
            return kind
        case Collection(parent=parent, name=name):
            owner = parent.kind if isinstance(parent, Resource) else ""
            return collection_name(owner, name)
        case Session():
            return "Session"


def plain(value: Value) -> Value:
    """An identifier as a string: what is none becomes unknown, so that identifiers never nest."""
    strings = tuple(atom for atom in value if isinstance(atom, Text | Unknown | Scalar | External | EnumMember))
    return strings if strings or not value else unknown("…")
