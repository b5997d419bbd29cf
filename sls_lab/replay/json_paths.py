"""JSONPath and intrinsic functions, as far as the Amazon States Language has them.

https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html and
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sls_lab.facts import SlsLabError
from sls_lab.replay.shapes import made_up

_STEP: Final = re.compile(
    r"\.\.(?P<deep>[\w-]+|\*)|\.(?P<name>[\w-]+|\*)|\[(?P<index>-?\d+)\]|\[(?P<all>\*)\]"
    r"|\[(?P<from>-?\d*):(?P<to>-?\d*)\]|\[['\"](?P<quoted>[^'\"]+)['\"]\]"
)
_LITERAL: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)|(true|false|null)")
_MANY: Final = 10_000  #: elements that a range may have


class PathError(SlsLabError):
    """A path leads nowhere, or an intrinsic function cannot be computed; the message says which."""


def at_path(value: Any, path: str) -> Any:
    """What is at a path such as `$.order.items[0]`. Raises PathError."""
    found, several = [value], False
    position = 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise PathError(f"the path {path} cannot be followed here")
        position = step.end()
        several = several or any(step[word] is not None for word in ("deep", "all", "from")) or step["name"] == "*"
        found = [inner for one in found for inner in _stepped(one, step)]
        if not found and not several:
            raise PathError(f"the path {path} leads nowhere in the state's input")
    return found if several else found[0]


def _stepped(value: Any, step: re.Match[str]) -> list[Any]:
    if step["deep"] is not None:
        return list(_deep(value, step["deep"]))
    if step["all"] is not None or step["name"] == "*":
        return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    if step["from"] is not None:
        start = int(step["from"]) if step["from"] else None
        end = int(step["to"]) if step["to"] else None
        return value[start:end] if isinstance(value, list) else []
    if step["index"] is not None:
        index = int(step["index"])
        return [value[index]] if isinstance(value, list) and -len(value) <= index < len(value) else []
    name = step["name"] if step["name"] is not None else step["quoted"]
    return [value[name]] if isinstance(value, dict) and name in value else []


def _deep(value: Any, name: str) -> list[Any]:
    found: list[Any] = []
    pending = [value]
    while pending:
        one = pending.pop(0)
        inner = list(one.items()) if isinstance(one, dict) else list(enumerate(one)) if isinstance(one, list) else []
        found += [value for key, value in inner if name in ("*", key)]
        pending += [value for _, value in inner]
    return found


def put_at(value: Any, path: str, new: Any) -> Any:
    """`value` with `new` at the path; what is on the way there is made."""
    steps = [step["name"] or step["quoted"] for step in _STEP.finditer(path[1:])]
    if not steps:
        return new
    if not isinstance(value, dict):
        value = {}
    first, *rest = steps
    inner = put_at(value.get(first, {}), "$" + "".join(f"['{one}']" for one in rest), new) if rest else new
    return {**value, first: inner}


def filled(template: Any, value: Any, context: Any) -> Any:
    """A payload template: keys that end in `.$` hold paths or intrinsic functions. Raises PathError."""
    if isinstance(template, Mapping):
        return {
            (key[:-2] if key.endswith(".$") else key): (
                selected(str(inner), value, context) if key.endswith(".$") else filled(inner, value, context)
            )
            for key, inner in template.items()
        }
    if isinstance(template, list):
        return [filled(inner, value, context) for inner in template]
    return template


def selected(text: str, value: Any, context: Any) -> Any:
    """A path, a path into the context object (`$$.`), or an intrinsic function."""
    text = text.strip()
    if text.startswith("$$"):
        return at_path(context, text[1:])
    if text.startswith("$"):
        return at_path(value, text)
    found, rest = _argument(text, value, context)
    if rest.strip():
        raise PathError(f"{text} is neither a path nor an intrinsic function")
    return found


def _argument(text: str, value: Any, context: Any) -> tuple[Any, str]:
    """The first argument in a string, and what comes after it."""
    text = text.lstrip()
    function = re.match(r"States\.(\w+)\(", text)
    if function is not None:
        arguments, rest = [], text[function.end() :].lstrip()
        while rest and not rest.startswith(")"):
            argument, rest = _argument(rest, value, context)
            arguments.append(argument)
            rest = rest.lstrip().removeprefix(",").lstrip()
        return _called(function[1], arguments), rest[1:]
    literal = _LITERAL.match(text)
    if literal is not None:
        if literal[1] is not None:
            return re.sub(r"\\(.)", r"\1", literal[1]), text[literal.end() :]
        return json.loads(literal[2] or literal[3]), text[literal.end() :]
    path = re.match(r"\$[^,()\s]*", text)
    if path is None:
        raise PathError(f"{text} cannot be read as an argument")
    return selected(path[0], value, context), text[path.end() :]


def _called(name: str, given: list[Any]) -> Any:
    function = _FUNCTIONS.get(name)
    if function is None:
        raise PathError(f"States.{name} is not worked out here")
    try:
        return function(*given)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise PathError(f"States.{name} fails: {error}") from error


def _format(template: str, *values: Any) -> str:
    pieces = template.split("{}")
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    if len(texts) != len(pieces) - 1:
        raise ValueError("the number of arguments does not fit")
    return pieces[0] + "".join(text + piece for text, piece in zip(texts, pieces[1:], strict=True))


def _range(start: int, end: int, step: int) -> list[int]:
    found = range(start, end + (1 if step > 0 else -1), step)
    if len(found) > _MANY:
        raise ValueError("too many elements")
    return list(found)


def _partition(values: list[Any], size: int) -> list[list[Any]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def _unique(values: list[Any]) -> list[Any]:
    return [value for index, value in enumerate(values) if value not in values[:index]]


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "Array": lambda *values: list(values),
    "ArrayContains": lambda values, value: value in values,
    "ArrayGetItem": lambda values, index: values[index],
    "ArrayLength": len,
    "ArrayPartition": _partition,
    "ArrayRange": _range,
    "ArrayUnique": _unique,
    "Base64Decode": lambda text: base64.b64decode(text).decode("utf-8"),
    "Base64Encode": lambda text: base64.b64encode(text.encode("utf-8")).decode("ascii"),
    "Format": _format,
    "Hash": lambda value, kind: hashlib.new(kind.replace("-", "").lower(), str(value).encode("utf-8")).hexdigest(),
    "JsonMerge": lambda one, other, deep=False: {**one, **other},
    "JsonToString": lambda value: json.dumps(value, separators=(",", ":")),
    "MathAdd": lambda one, other: one + other,
    "MathRandom": lambda start, end, seed=0: start,
    "StringSplit": lambda text, separators: [piece for piece in re.split(f"[{re.escape(separators)}]", text) if piece],
    "StringToJson": json.loads,
    "UUID": lambda: made_up("States.UUID"),
}
