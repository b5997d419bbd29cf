"""Whom a mail reaches, and whether what it says may change that.

What a visitor writes to the application's own people is what a contact form is for. It is another matter where the
headers of a message are put together by hand: a line end in them adds recipients.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from sls_lab.facts import Reason
from sls_lab.python.binding import BindingKind
from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.judge.reading import Reading

_RECIPIENTS: Final = frozenset({"to", "cc", "bcc"})
#: Methods that give a message headers.
_ADDING: Final = frozenset({"add_header", "replace_header", "__setitem__"})
#: The headers and the empty line after them (https://www.rfc-editor.org/rfc/rfc5322#section-2.1).
_HEADERS: Final = re.compile(r".*?\r?\n\r?\n", re.DOTALL)


def mail_message(call: ast.Call, reading: Reading) -> Reason | None:
    """Why a mail with the data does not tell others: each address that it goes to is one that the data does not choose.

    Of a message that is put together as a string, the headers must be complete before the data begins.
    """
    match reading.called(call.func):
        case "sendmail":
            recipients, message = argument(call, 1, "to_addrs"), argument(call, 2, "msg")
        case "send_message":
            message = None  # the library refuses a line end in the headers of a message
            recipients = argument(call, 2, "to_addrs") or _named_by(argument(call, 0, "msg"), reading)
        case "send_email":
            recipients, message = argument(call, None, "Destination"), None
            content = argument(call, None, "Content")
            if content is not None and not isinstance(content, ast.Dict):
                return None
            if content is not None and "Simple" not in _keys(content):
                return None  # a raw message has its headers in it, a template is written elsewhere
        case _:
            return None
    if recipients is None or not any(_addresses(recipients)):
        return None
    if not all(reading.whole(reading.leaf(one)) for one in _addresses(recipients)):
        return None
    if message is not None:
        strings = reading.strings(reading.leaf(message))
        if not all(_HEADERS.match(reading.leading(pieces)) for pieces in strings):
            return None
    return reading.reason("the data does not choose who receives it")


def _named_by(message: ast.expr | None, reading: Reading) -> ast.Tuple | None:
    """The recipients that the headers of a message name; None where others may name some."""
    if message is None or not reading.is_left_alone(reading.leaf(message)):
        return None
    found: list[ast.expr] = []
    for one in reading.bindings_of(reading.leaf(message)):
        if one.kind is BindingKind.ITEM and one.value is not None:
            header = reading.text(reading.leaf(one.key)) if one.key is not None else None
            if header is None:
                return None
            found += [one.value] if header.lower() in _RECIPIENTS else []
    for node in ast.walk(reading.leaf(message).scopes[0]):
        if isinstance(node, ast.Attribute) and node.attr in _ADDING:
            return None
    return ast.Tuple(found, ast.Load())


def _addresses(recipients: ast.expr) -> Iterator[ast.expr]:
    """The expressions of which the recipients of a mail are made."""
    match recipients:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Dict(values=parts):
            for one in parts:
                yield from _addresses(one)
        case _:
            yield recipients


def _keys(display: ast.Dict) -> set[object]:
    return {one.value for one in display.keys if isinstance(one, ast.Constant)}
