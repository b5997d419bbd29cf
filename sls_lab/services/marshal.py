"""DynamoDB's typed attribute values, as boto3's resources write plain Python values into them.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html and
https://boto3.amazonaws.com/v1/documentation/api/latest/reference/customizations/dynamodb.html
"""

from __future__ import annotations

import ast

from sls_lab.services import build
from sls_lab.services.call_values import Member, View

_TYPES = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"}
# Calls whose result has one known type, by the last word of their name.
_TEXTS = {
    "str", "dumps", "format", "join", "strip", "lower", "upper", "replace", "title", "capitalize", "isoformat",
    "strftime", "hexdigest", "decode", "uuid4", "uuid1", "ctime", "quote", "unquote", "unquote_plus", "input", "repr",
}  # fmt: skip
_NUMBERS = {"int", "float", "Decimal", "len", "round", "abs", "sum", "time", "timestamp", "time_ns", "count"}
_DEPTH = 20


def marshalled(node: ast.expr, view: View, written: ast.expr | None = None, depth: int = _DEPTH) -> ast.expr:
    """`{"S": node}` and so on, by the syntax of `written` (the node itself, or what a name was bound to).

    A value whose type is not known may be there as a string, as a map and as a list.
    """
    shape = view.resolve(written if written is not None else node)
    members = view.members(shape) if depth else None
    if members is not None:
        if shape is not node:
            members = tuple(Member(m.key, build.item(node, m.key), m.written) for m in members)
        return build.record({"M": attributes_of(members, view, depth - 1)})
    if isinstance(node, ast.List | ast.Tuple) and depth and not any(isinstance(e, ast.Starred) for e in node.elts):
        values: list[ast.expr] = [marshalled(element, view, None, depth - 1) for element in node.elts]
        return build.record({"L": ast.List(values, ast.Load())})
    return _typed(node, type_of(shape, view))


def _typed(node: ast.expr, kind: str | None) -> ast.expr:
    match kind:
        case None:
            return build.record({"S": node, "M": node, "L": node})
        case "N":
            if isinstance(node, ast.Constant):
                return build.record({"N": build.const(str(node.value))})
            return build.record({"N": build.call(build.name("str"), node)})
        case "NULL":
            return build.record({"NULL": build.const(True)})
        case _:
            return build.record({kind: node})


def type_of(node: ast.expr, view: View, depth: int = _DEPTH) -> str | None:
    """The attribute type (`S`, `N`, …) that a value has by its syntax, None where it could be any."""
    node = view.resolve(node)
    if depth == 0:
        return None
    match node:
        case ast.Constant(value=value):
            return _constant_type(value)
        case ast.JoinedStr():
            return "S"
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            kinds = {type_of(left, view, depth - 1), type_of(right, view, depth - 1)}
            left_kind = type_of(left, view, depth - 1)
            if isinstance(node.op, ast.Mod):
                return left_kind
            return "S" if "S" in kinds else ("N" if kinds == {"N"} else None)
        case ast.BinOp(op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Pow()):
            return "N"
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return "BOOL"
        case ast.BoolOp() | ast.IfExp():
            options = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            kinds = {type_of(option, view, depth - 1) for option in options} - {"NULL"}
            return kinds.pop() if len(kinds) == 1 else None
        case ast.Call(func=ast.Name(id=word) | ast.Attribute(attr=word)):
            return "S" if word in _TEXTS else "N" if word in _NUMBERS else None
        case ast.Set() | ast.SetComp():
            return "SS"
        case ast.List() | ast.Tuple() | ast.ListComp():
            return "L"
    return None


def _constant_type(value: object) -> str | None:
    match value:
        case bool():
            return "BOOL"
        case str():
            return "S"
        case int() | float():
            return "N"
        case bytes():
            return "B"
        case None:
            return "NULL"
    return None


def attributes_of(members: tuple[Member, ...], view: View, depth: int = _DEPTH) -> ast.Dict:
    """`{"name": {"S": …}, …}` of known members."""
    return build.record({member.key: marshalled(member.node, view, member.written, depth) for member in members})


def item_attributes(item: ast.expr, view: View, *, plain: bool) -> ast.expr:
    """An item as a stream shows it: as it is where the client API sent it typed, else with each value's type.

    `plain` says that boto3 adds the types (resources do; so does the client of a resource, which is known by what is
    passed to it). Of an item whose attributes are not known, each attribute may hold any of its values.
    """
    members = view.members(item)
    if members is not None and (plain or any(_is_plain(member.written, view) for member in members)):
        return attributes_of(members, view)
    if members is not None or not plain:
        return item
    return build.each("name", "value", item, _typed(build.name("value"), None))


def _is_plain(node: ast.expr, view: View) -> bool:
    """Whether a value is certainly not of the form `{"S": …}`."""
    node = view.resolve(node)
    members = view.members(node)
    if members is not None:
        return not (len(members) == 1 and members[0].key in _TYPES)
    return type_of(node, view) is not None
