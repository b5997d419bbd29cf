"""Whether a value is true, as far as it can be decided."""

from __future__ import annotations

from sls_lab.code.interpret.boto_objects import (
    BotoClient,
    BotoCollection,
    BotoHelper,
    BotoResource,
    BotoService,
    BotoSession,
)
from sls_lab.code.interpret.frames import BoundMethod, FunctionValue
from sls_lab.code.interpret.objects import ClassValue, EnumMember, ModuleRef
from sls_lab.code.interpret.values import FALSE, TRUE, Atom, External, Scalar, Sequence, Text, Unknown, Value

_ALWAYS = (
    BoundMethod,
    ClassValue,
    BotoClient,
    BotoCollection,
    FunctionValue,
    BotoHelper,
    ModuleRef,
    BotoResource,
    BotoService,
    BotoSession,
)
#: Names of the interpreter's own making that no Lambda function finds set.
_FALSE_NAMES = frozenset({"typing.TYPE_CHECKING"})
UNDECIDED: Value = (Unknown("…"),)


def truth(value: Value) -> bool | None:
    """Whether a value counts as true, None where that is open or the environment decides it."""
    answers = {truth_of(atom) for atom in value}
    return answers.pop() if len(answers) == 1 else None


def truth_of(atom: Atom) -> bool | None:
    """Whether one alternative counts as true, None where that is open or the environment decides it."""
    if isinstance(atom, Text) and atom.deployed:
        return None
    match atom:
        case Text(pattern=pattern):
            if pattern.text is not None:
                return bool(pattern.text)
            return True if any(isinstance(part, str) for part in pattern.parts) else None
        case Scalar(value=plain, missing=missing):
            return None if missing else bool(plain)
        case Sequence(items=items, rest=rest):
            return True if items else None if rest else False
        case External(name=name) if name in _FALSE_NAMES:
            return False
        case _:
            return True if isinstance(atom, _ALWAYS) else None


def keeps_when_true(atom: Atom) -> bool:
    """Whether an alternative may count as true, whatever decides it."""
    if isinstance(atom, Text) and atom.pattern.text == "":
        return False
    if isinstance(atom, Scalar) and not atom.value:
        return False
    return truth_of(atom) is not False


def keeps_when_false(atom: Atom) -> bool:
    """Whether an alternative may count as false, whatever decides it."""
    if isinstance(atom, Text):
        return not any(isinstance(part, str) for part in atom.pattern.parts)
    if isinstance(atom, Scalar):
        return not atom.value
    return truth_of(atom) is not True


def compared(operator: str, left: Value, right: Value) -> Value:
    """The answer of one comparison (`Eq`, `NotEq`, `Is`, `IsNot`, `In`, `NotIn`), undecided where it is open."""
    if operator in ("NotEq", "IsNot", "NotIn"):
        positive = {"NotEq": "Eq", "IsNot": "Is", "NotIn": "In"}[operator]
        answer = compared(positive, left, right)
        return FALSE if answer == TRUE else TRUE if answer == FALSE else UNDECIDED
    if len(left) != 1 or len(right) != 1:
        return UNDECIDED
    verdict: bool | None = None
    if operator in ("Eq", "Is"):
        verdict = _same(left[0], right[0])
    elif operator == "In" and isinstance(right[0], Sequence) and not right[0].rest:
        answers = [_same(left[0], item[0]) if len(item) == 1 else None for item in right[0].items]
        verdict = True if True in answers else None if None in answers else False
    return UNDECIDED if verdict is None else TRUE if verdict else FALSE


def _same(left: Atom, right: Atom) -> bool | None:
    if isinstance(left, EnumMember) and isinstance(right, EnumMember):
        return left == right
    if isinstance(left, Text) and isinstance(right, Text):
        if left.deployed or right.deployed or left.pattern.holes or right.pattern.holes:
            return None
        return left.pattern == right.pattern
    if isinstance(left, Scalar) and isinstance(right, Scalar) and not (left.missing or right.missing):
        return left.value == right.value
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Scalar) and one.value is None and not one.missing:
            if isinstance(other, Text):
                return None if other.deployed else False
            if isinstance(other, (*_ALWAYS, Sequence)):
                return False
    return None
