"""The rules of a Choice state with JSONPath.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import fnmatch
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from sls_lab.replay.json_paths import PathError, selected

_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}
_KINDS: Final[Mapping[str, Any]] = {"String": str, "Numeric": (int, float), "Boolean": bool, "Timestamp": str}
_TESTS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "IsNull": lambda value: value is None,
    "IsString": lambda value: isinstance(value, str),
    "IsNumeric": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: isinstance(value, str) and value[10:11] == "T",
}


def holds(rule: Mapping[str, Any], value: Any, context: Any) -> bool:
    """Whether a rule holds for the state's input. Raises PathError where its variable is not there."""
    if "Not" in rule:
        return not holds(rule["Not"], value, context)
    if "And" in rule:
        return all(holds(inner, value, context) for inner in rule["And"])
    if "Or" in rule:
        return any(holds(inner, value, context) for inner in rule["Or"])
    path = str(rule.get("Variable", "$"))
    if "IsPresent" in rule:
        try:
            selected(path, value, context)
        except PathError:
            return not rule["IsPresent"]
        return bool(rule["IsPresent"])
    found = selected(path, value, context)
    for word, wanted in rule.items():
        if word in _TESTS:
            return _TESTS[word](found) is bool(wanted)
        if word == "StringMatches":
            return isinstance(found, str) and fnmatch.fnmatchcase(found, str(wanted).replace("[", "[[]"))
        kind = next((one for one in _KINDS if word.startswith(one)), None)
        if kind is None:
            continue
        if word.endswith("Path"):
            wanted, word = selected(str(wanted), value, context), word[: -len("Path")]
        return _compared(found, wanted, kind, word[len(kind) :])
    return False


def _compared(found: Any, wanted: Any, kind: str, order: str) -> bool:
    types = _KINDS[kind]
    if not isinstance(found, types) or (kind == "Numeric" and isinstance(found, bool)):
        return False
    if kind == "Boolean" and isinstance(wanted, str):  # YAML that was written as a string
        wanted = wanted.lower() == "true"
    compare = _ORDERS.get(order)
    if compare is None:
        raise PathError(f"the comparison {kind}{order} is not known")
    try:
        return compare(found, wanted)
    except TypeError:
        return False
