"""Take named tuples apart by the names of their fields.

`name, command = pair`, where `pair` was made by `Pair(…)`, is `name, command = pair.name, pair.command`, and `pair[1]`
is `pair.command`: Pysa keeps what the class is given by the names of its fields alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from sls_lab.python.bindings import bindings
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import own_nodes
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

TupleFields = Mapping[str, Sequence[str]]


def tuple_edits(draft: Draft) -> list[Edit]:
    """The edits of what functions take out of named tuples that they have made."""
    fields = dict(_named_tuples(draft.tree))
    edits: list[Edit] = []
    for function in draft.nodes if fields else ():
        if isinstance(function, FunctionNode):
            for node in own_nodes(function):
                if node in draft.placed:
                    edits += _taken(draft, node, function, fields)
    return edits


def _named_tuples(tree: ast.Module) -> Iterator[tuple[str, Sequence[str]]]:
    """The fields of the named tuples that a file defines.

    https://docs.python.org/3/library/typing.html#typing.NamedTuple,
    https://docs.python.org/3/library/collections.html#collections.namedtuple
    """
    for statement in tree.body:
        match statement:
            case ast.ClassDef(name=name, bases=[ast.Name(id="NamedTuple") | ast.Attribute(attr="NamedTuple")]):
                targets = [one.target for one in statement.body if isinstance(one, ast.AnnAssign)]
                yield name, [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(
                    func=ast.Name(id="namedtuple") | ast.Attribute(attr="namedtuple"), args=[_, fields], keywords=[]
                ),
            ):
                match fields:
                    case ast.List(elts=elements) | ast.Tuple(elts=elements):
                        texts = [one.value for one in elements if isinstance(one, ast.Constant)]
                        yield name, [text for text in texts if isinstance(text, str)]
                    case ast.Constant(value=str() as text):
                        yield name, text.replace(",", " ").split()


def _taken(draft: Draft, node: ast.AST, function: FunctionNode, fields: TupleFields) -> Iterator[Edit]:
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Name(id=name) as value):
            names = _fields_of(name, function, fields)
            if len(names) == len(targets) and not any(isinstance(one, ast.Starred) for one in targets):
                _, end = draft.range(value)
                first, *rest = names
                text = f".{first}" + "".join(f", {name}.{one}" for one in rest)
                yield draft.edit("named-tuple", (end, end), text, draft.reason(f"`{name}` has these fields", value))
        case ast.Subscript(value=ast.Name(id=name) as value, slice=ast.Constant(value=int(index)), ctx=ast.Load()):
            names = _fields_of(name, function, fields)
            if 0 <= index < len(names):
                place = draft.range(value)[1], draft.range(node)[1]
                reason = draft.reason(f"this field of `{name}` is called so", node)
                yield draft.edit("named-tuple", place, f".{names[index]}", reason)


def _fields_of(name: str, function: FunctionNode, fields: TupleFields) -> Sequence[str]:
    """The fields of what a variable holds, where that is one named tuple of the file."""
    match bindings(function).constant(name):
        case ast.Call(func=ast.Name(id=made)):
            return fields.get(made, ())
    return ()
