"""What a handler looks for in a store and does not find: the call that would have put it there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sls_lab.replay.declared_stores import stores
from sls_lab.replay.deployment import Deployment
from sls_lab.replay.model import Call, Outside
from sls_lab.replay.request_parts import Encoded

_TYPES: Final = frozenset({"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"})
_EQUALS: Final = re.compile(r"(#?[\w.]+)\s*=\s*(:\w+)")
_LOST: Final = ("NoSuchKey", "404", "Not Found", "ParameterNotFound", "ResourceNotFound")
NewToken = Callable[[], str]


def not_found(call: Call) -> bool:
    """Whether a call failed because nothing is there."""
    return call.outcome == "failed" and any(word in call.error for word in _LOST)


def seed(call: Call, wanted: Mapping[str, Any], deployment: Deployment, token: NewToken) -> Outside | None:
    """The call that stores what `call` looks for; None where that is not known."""
    given = call.arguments
    match call.service, call.api:
        case "dynamodb", "get_item":
            return _item(given, plain_item(given.get("Key") or {}))
        case "dynamodb", "query" | "scan":
            return _item(given, _sought(given, wanted, deployment, token))
        case "s3", "get_object" | "head_object":
            stored = {"Bucket": given.get("Bucket"), "Key": given.get("Key"), "Body": token()}
            return Outside("s3", "put_object", stored)
        case "ssm", "get_parameter":
            return Outside("ssm", "put_parameter", {"Name": given.get("Name"), "Value": token(), "Type": "String"})
        case "secretsmanager", "get_secret_value":
            return Outside("secretsmanager", "create_secret", {"Name": given.get("SecretId"), "SecretString": token()})
    return None


def _item(given: Mapping[str, Any], values: Mapping[str, Any]) -> Outside | None:
    if not values:
        return None
    return Outside("dynamodb", "put_item", {"TableName": given.get("TableName"), "Item": Encoded("item", dict(values))})


def holds(stored: Outside, call: Call) -> bool:
    """Whether what was stored is what a call looks for."""
    given = call.arguments
    if stored.service != call.service:
        return False
    if stored.service == "dynamodb":
        item = stored.arguments["Item"].value
        key = plain_item(given.get("Key") or {})
        same = stored.arguments["TableName"] == given.get("TableName")
        return same and all(item.get(name) == value for name, value in key.items())
    if stored.service == "s3":
        return all(stored.arguments[word] == given.get(word) for word in ("Bucket", "Key"))
    return stored.arguments["Name"] in (given.get("Name"), given.get("SecretId"))


def same_place(one: Outside, other: Outside) -> bool:
    """Whether two calls store something at the same place."""

    def place(call: Outside) -> list[Any]:
        given = call.arguments
        return [call.service, *(given.get(word) for word in ("TableName", "Item", "Bucket", "Key", "Name"))]

    return place(one) == place(other)


def plain_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of an item, whether they are written with their types or not."""
    return {str(name): _value(one) for name, one in item.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in _TYPES:
        [(kind, inner)] = value.items()
        return float(inner) if kind == "N" and "." in str(inner) else int(inner) if kind == "N" else inner
    return value


def without_types(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The way to an attribute, without the names of its types."""
    return tuple(step for index, step in enumerate(path) if not (index and step in _TYPES))


def _sought(
    given: Mapping[str, Any], wanted: Mapping[str, Any], deployment: Deployment, token: NewToken
) -> dict[str, Any]:
    """The attributes of an item that a query or a scan would find: as its condition says, and the keys."""
    found: dict[str, Any] = dict(wanted)
    names = given.get("ExpressionAttributeNames") or {}
    values = plain_item(given.get("ExpressionAttributeValues") or {})
    for word in ("KeyConditionExpression", "FilterExpression"):
        for name, value in _EQUALS.findall(str(given.get(word) or "")):
            if value in values:
                found.setdefault(str(names.get(name, name)), values[value])
    for name in _keys(str(given.get("TableName")), deployment):
        found.setdefault(name, token())
    return found


def _keys(table: str, deployment: Deployment) -> Iterator[str]:
    for store in stores(deployment):
        if store["type"] == "table" and store["name"] == table:
            for key in store["with"].get("KeySchema", ()):
                yield str(key["AttributeName"])
