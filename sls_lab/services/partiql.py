"""What a PartiQL statement writes into a table of DynamoDB.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sls_lab.code.model import BotoCall
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.model import Element

_NAME = r"(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>[\w.-]+))(?:\.\"[^\"]+\")?"
_INSERT = re.compile(rf"\s*INSERT\s+INTO\s+{_NAME}\s+VALUE\s*(?P<rest>\{{.*)", re.IGNORECASE | re.DOTALL)
_UPDATE = re.compile(rf"\s*UPDATE\s+{_NAME}\s+(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_DELETE = re.compile(rf"\s*DELETE\s+FROM\s+{_NAME}\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
# An attribute's name before its value: `'id': ?` in an item, `SET name = ?` and `WHERE id = ?` elsewhere.
_VALUE = re.compile(
    r"(?:'(?P<key>[^']+)'\s*:\s*|(?P<name>\"[^\"]+\"|[\w.]+)\s*=\s*)?(?:\?|'(?P<text>(?:[^']|'')*)')", re.DOTALL
)

WriteKind = Literal["insert", "update", "delete"]


@dataclass(frozen=True, slots=True)
class PartiqlWrite:
    """One statement that writes: `places` are the attributes of its parameters in order, "" where that is not told."""

    kind: WriteKind
    table: str
    places: tuple[str, ...]


#: The calls that run statements, and where several stand.
CALLS: Mapping[str, str | None] = MappingProxyType(
    {
        "execute_statement": None,
        "batch_execute_statement": "Statements",
        "execute_transaction": "TransactStatements",
    }
)


def statements_of(call: BotoCall, view: View) -> Iterator[tuple[Element | None, PartiqlWrite]]:
    """The statements of a call that write, each with its entry where several stand."""
    several = CALLS[call.api]
    if several is None:
        texts = arguments.values(call, view, "Statement")
        yield from ((None, found) for text in texts if (found := parse_statement(text.text or "")) is not None)
        return
    for element in view.elements(arguments.node(call, view, several), "statement"):
        written = view.written(element.node, "Statement")
        texts = view.values(written) if written is not None else ()
        yield from ((element, found) for text in texts if (found := parse_statement(text.text or "")) is not None)


def attributes_of(call: BotoCall, element: Element | None, view: View) -> ast.expr:
    """The attributes that a statement's parameters are the values of, by name; they are typed already."""
    if element is None:
        given: ast.expr | None = arguments.optional(call, view, "Parameters")
    else:
        given = view.member(element.node, "Parameters")
    found = next((one for entry, one in statements_of(call, view) if entry == element), None)
    if given is None or found is None:
        return build.record({})
    listed = view.elements(given, "parameter")
    if len(listed) == len(found.places) and not any(one.generators for one in listed):
        values = [one.node for one in listed]
    else:
        values = [build.item(given, number) for number in range(len(found.places))]
    names = [name or f"attribute {number}" for number, name in enumerate(found.places)]
    return build.record(dict(zip(names, values, strict=True)))


def parse_statement(text: str) -> PartiqlWrite | None:
    """The statement in a string, None for one that reads or is not known."""
    shapes: tuple[tuple[WriteKind, re.Pattern[str]], ...] = (
        ("insert", _INSERT),
        ("update", _UPDATE),
        ("delete", _DELETE),
    )
    for kind, shape in shapes:
        found = shape.fullmatch(text)
        if found is not None:
            return PartiqlWrite(kind, found["quoted"] or found["plain"], tuple(_places(found["rest"])))
    return None


def _places(rest: str) -> list[str]:
    found = []
    for match in _VALUE.finditer(rest):
        if match[0].rstrip().endswith("?"):
            found.append((match["key"] or match["name"] or "").strip('"').partition(".")[0])
    return found
