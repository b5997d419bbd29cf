"""Values on their way between the kit and the child process: JSON, with a form for what JSON lacks.

Neither side ever unpickles what the other sends: the child runs code of others.
"""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

LONGEST: Final = 200_000  #: characters of one string or bytes of one value that are kept; the rest is cut off
_DEPTH: Final = 60
_loads: Final = json.loads  #: the function of the library, whatever takes its place for a handler
_BYTES, _NUMBER, _TIME, _SET = "$bytes", "$number", "$time", "$set"


def encode(message: Mapping[str, Any]) -> bytes:
    """One message as one line."""
    return json.dumps(plain(message), ensure_ascii=True, allow_nan=True).encode("ascii") + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """The message of one line. Raises ValueError if it is not a message."""
    message = _restored(_loads(line))
    if not isinstance(message, dict):
        raise ValueError("a message is a mapping")
    return message


def plain(value: Any, depth: int = _DEPTH) -> Any:
    """`value` as JSON can say it; bytes, decimals, times and sets keep their kind, objects become their `repr`."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return _scalar_text(value)
        case bytes() | bytearray() | memoryview():
            return {_BYTES: base64.b64encode(bytes(value)[:LONGEST]).decode("ascii")}
        case Decimal():
            return {_NUMBER: str(value)}
        case datetime.datetime() | datetime.date():
            return {_TIME: value.isoformat()}
    if depth == 0:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): plain(inner, depth - 1) for key, inner in list(value.items())}
    if isinstance(value, set | frozenset):
        return {_SET: [plain(inner, depth - 1) for inner in sorted(value, key=str)]}
    if isinstance(value, list | tuple):
        return [plain(inner, depth - 1) for inner in value]
    return _scalar_text(described(value))


def described(value: object) -> str:
    """A `repr` that survives objects whose own fails."""
    try:
        return str.__str__(repr(value))
    except Exception as error:  # a class of the application may raise anything
        return f"<{type(value).__name__} whose repr raises {type(error).__name__}>"


def text_of_error(error: BaseException) -> str:
    """What an error says; empty where one of the application's own fails to say it."""
    try:
        return str.__str__(str(error))
    except Exception:  # an exception of the application may fail to describe itself
        return ""


def texts_in(value: Any) -> Iterable[str]:
    """Every string in a decoded value, keys included; bytes read as UTF-8."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "backslashreplace")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from texts_in(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from texts_in(inner)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values in a readable value that hold no others, each with its path (`Records[0].body`)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def readable(value: Any) -> Any:
    """A decoded value as reports show it: JSON throughout, bytes as the string that they are in UTF-8."""
    match value:
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: readable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [readable(inner) for inner in value]
    return value


def _scalar_text(value: str) -> str:
    # A surrogate alone cannot be written as UTF-8; it is shown, not lost.
    return value[:LONGEST].encode("utf-8", "backslashreplace").decode("utf-8")


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(key, inner)] = value.items()
        if key == _BYTES and isinstance(inner, str):
            return base64.b64decode(inner)
        if key == _NUMBER and isinstance(inner, str):
            return Decimal(inner)
        if key == _TIME:
            return inner
        if key == _SET and isinstance(inner, list):
            return [_restored(one) for one in inner]
    return {key: _restored(inner) for key, inner in value.items()}
