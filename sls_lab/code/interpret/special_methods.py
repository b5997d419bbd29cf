"""Methods of the application's objects that operators, comparisons and assignments call.

https://docs.python.org/3/reference/datamodel.html#special-method-names
"""

from __future__ import annotations

import ast

from sls_lab.code.interpret.attributes import call_special, linearised
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.objects import Instance
from sls_lab.code.interpret.values import Arguments, Bound, Value, text

_OPERATORS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.MatMult: "matmul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
}
_COMPARISONS = {
    ast.Eq: "__eq__",
    ast.NotEq: "__ne__",
    ast.Lt: "__lt__",
    ast.LtE: "__le__",
    ast.Gt: "__gt__",
    ast.GtE: "__ge__",
}


def operated(
    machine: Machine, operator: ast.operator, left: Value, right: Value, frame: Frame, *, in_place: bool = False
) -> Value:
    """What the objects' own methods make of `left operator right`; empty where no class has one."""
    name = _OPERATORS[type(operator)]
    names = (f"__i{name}__", f"__{name}__") if in_place else (f"__{name}__",)
    found = [_first(machine, atom, names, right, frame) for atom in left if isinstance(atom, Instance)]
    if not any(found):
        found = [_first(machine, atom, (f"__r{name}__",), left, frame) for atom in right if isinstance(atom, Instance)]
    return join(*(one for one in found if one)) if any(found) else ()


def compare(machine: Machine, operator: ast.cmpop, left: Value, right: Value, frame: Frame) -> None:
    """Run the methods that a comparison calls; what it says is not known."""
    if isinstance(operator, ast.In | ast.NotIn):
        for atom in right:
            if isinstance(atom, Instance):
                call_special(machine, atom, "__contains__", (left,), frame)
    elif type(operator) in _COMPARISONS:
        for atom in left:
            if isinstance(atom, Instance):
                call_special(machine, atom, _COMPARISONS[type(operator)], (right,), frame)


def set_attribute_by_method(machine: Machine, owner: Instance, name: str, value: Value, frame: Frame) -> None:
    """Run what `owner.name = value` calls: the setter of a property, or `__setattr__`."""
    call_special(machine, owner, "__setattr__", (text(name), value), frame)
    for cls in linearised(machine, owner.cls):
        found = machine.store.read((cls.oid, name))
        for atom in found or ():
            if isinstance(atom, FunctionValue) and atom.setter is not None:
                machine.call((BoundMethod(owner, atom.setter),), Arguments((Bound(value),)), None, frame)
        if found is not None:
            return


def _first(machine: Machine, atom: Instance, names: tuple[str, ...], other: Value, frame: Frame) -> Value:
    """What the first of these methods gives that the class has."""
    for name in names:
        made = call_special(machine, atom, name, (other,), frame)
        if made:
            return made
    return ()
