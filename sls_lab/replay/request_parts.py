"""The parts of a request: plain data, some of which travels as a string that the receiver parses."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlencode

#: Where in a value: keys of mappings and indices of lists, through what is written as a string as well.
PartPath = tuple[str | int, ...]
#: What becomes of one string of a request, by its place in it.
Change = Callable[[PartPath, str], str]


@dataclass(frozen=True)
class Encoded:
    """A value that travels as a string: as JSON, as a form, or in base64; or as DynamoDB writes an item's attributes.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
    """

    how: Literal["json", "form", "base64", "item"]
    value: Any


def written(value: Any) -> Any:
    """The value as it is sent."""
    if isinstance(value, Encoded):
        inner = written(value.value)
        if value.how == "item":
            return {name: _attribute(one) for name, one in inner.items()}
        if value.how == "json":
            return json.dumps(inner)
        if value.how == "form":
            return urlencode(inner)
        text = inner if isinstance(inner, str) else json.dumps(inner)
        return base64.b64encode(text.encode("utf-8")).decode("ascii")
    if isinstance(value, Mapping):
        return {key: written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [written(inner) for inner in value]
    return value


def _attribute(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case int() | float() | Decimal():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case Mapping():
            return {"M": {str(key): _attribute(inner) for key, inner in value.items()}}
        case list():
            return {"L": [_attribute(inner) for inner in value]}
        case None:
            return {"NULL": True}
    return {"S": str(value)}


def places(value: Any, place: PartPath = ()) -> Iterator[PartPath]:
    """The place of each string in a value."""
    if isinstance(value, str):
        yield place
    elif isinstance(value, Encoded):
        yield from places(value.value, place)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from places(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*place, index))


def changed(value: Any, place: PartPath, change: Change) -> Any:
    """The value with each string replaced by what `change` makes of it and its place."""
    if isinstance(value, str):
        return change(place, value)
    if isinstance(value, Encoded):
        return Encoded(value.how, changed(value.value, place, change))
    if isinstance(value, Mapping):
        return {key: changed(inner, (*place, key), change) for key, inner in value.items()}
    if isinstance(value, list):
        return [changed(inner, (*place, index), change) for index, inner in enumerate(value)]
    return value


def at(value: Any, place: PartPath) -> Any:
    """What is at a place; None where nothing is."""
    for step in place:
        while isinstance(value, Encoded):
            value = value.value
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def with_value(value: Any, place: Sequence[str | int], new: Any) -> Any:
    """The value with `new` at a place; mappings and lists on the way are made where there are none."""
    if not place:
        return new
    if isinstance(value, Encoded):
        return Encoded(value.how, with_value(value.value, place, new))
    step, rest = place[0], place[1:]
    if isinstance(step, int):
        items = list(value) if isinstance(value, list) else []
        items += [None] * (step + 1 - len(items))
        items[step] = with_value(items[step], rest, new)
        return items
    entries = dict(value) if isinstance(value, Mapping) else {}
    return {**entries, step: with_value(entries.get(step), rest, new)}


def texts_with_places(value: Any, place: PartPath = ()) -> Iterator[tuple[PartPath, str]]:
    """Each string that travels, with its place: those written out as a whole, and those within."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Encoded):
        sent = written(value)
        if isinstance(sent, str):
            yield place, sent
        yield from texts_with_places(value.value, place)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts_with_places(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_with_places(inner, (*place, index))
