"""Whether the data can bring an operator such as `$ne` into a filter of MongoDB.

Only an object can: a string is compared as it is (https://www.mongodb.com/docs/manual/reference/operator/query/).
"""

from __future__ import annotations

import ast
from typing import Final

from sls_lab.facts import Reason
from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.judge.reading import Leaf, Reading

#: Operators that compare with a value; others run it, as `$where` does, or take it for a pattern.
_COMPARING: Final = frozenset({"$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$all"})
_NESTING: Final = frozenset({"$and", "$or", "$nor", "$not", "$elemMatch"})
#: Methods that strings alone have, and whose result is one.
_OF_STRINGS: Final = frozenset(
    {"lower", "upper", "strip", "lstrip", "rstrip", "casefold", "title", "capitalize", "swapcase", "replace", "zfill"}
    | {"removeprefix", "removesuffix"}
)
_MAKING: Final = frozenset({"builtins.str", "builtins.int", "builtins.float", "builtins.bool", "bson.ObjectId"})
_MAKING_IDS: Final = frozenset({"bson.objectid.ObjectId", "uuid.UUID", "uuid.uuid4"})
#: Parts of a request whose values are strings, whatever is sent.
#: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
_PARTS: Final = frozenset({"pathParameters", "queryStringParameters", "headers", "stageVariables"})


def mongo_filter(call: ast.Call, reading: Reading) -> Reason | None:
    """Why the data is no more than a string or a number in a filter that is written out."""
    given = argument(call, 0, "filter")
    if given is None:
        return None
    made = reading.resolved(reading.leaf(given))
    if not _plain(made, reading):
        return None
    return reading.reason("only strings and numbers of the data get into the filter", made)


def _plain(leaf: Leaf, reading: Reading) -> bool:
    """Whether a filter, or a value in it, holds no object of the data's."""
    made = reading.resolved(leaf)
    match made.node:
        case ast.Dict(keys=keys, values=values):
            return all(
                key is not None
                and _named(reading.text(Leaf(key, made.scopes)))
                and _plain(Leaf(value, made.scopes), reading)
                for key, value in zip(keys, values, strict=True)
            )
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return all(_plain(Leaf(element, made.scopes), reading) for element in elements)
    return _is_scalar(made, reading)


def _named(key: str | None) -> bool:
    return key is not None and (not key.startswith("$") or key in _COMPARING | _NESTING)


def _is_scalar(leaf: Leaf, reading: Reading) -> bool:
    match leaf.node:
        case ast.Constant() | ast.JoinedStr() | ast.Compare():
            return True
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return any(reading.text(Leaf(one, leaf.scopes)) is not None for one in (left, right))
        case ast.Call(func=ast.Attribute(attr=name)) if name in _OF_STRINGS:
            return True
        case ast.Call(func=function) if reading.means(Leaf(function, leaf.scopes), _MAKING | _MAKING_IDS):
            return True
        case ast.Subscript(value=value) | ast.Call(func=ast.Attribute(value=value, attr="get")):
            return _is_part(reading.resolved(Leaf(value, leaf.scopes)), reading)
    return not reading.carries(leaf.node)


def _is_part(leaf: Leaf, reading: Reading) -> bool:
    """Whether an expression is a part of the request whose values are strings."""
    match leaf.node:
        case ast.Subscript(value=ast.Name() as name, slice=ast.Constant(value=str(key))):
            pass
        case ast.Call(
            func=ast.Attribute(value=ast.Name() as name, attr="get"), args=[ast.Constant(value=str(key)), *_]
        ):
            pass
        case _:
            return False
    return key in _PARTS and reading.is_parameter(Leaf(name, leaf.scopes))
