"""Write what fills a container as an assignment to it: `items.append(x)` is `items[int(0)] = (x)`.

Pysa knows what `append` does where it knows that `items` is a list. A parameter, or what another function has made, has
no type that tells; an assignment to an unknown index puts its value at every index whatever the type is, also for the
caller of a helper that fills its argument.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.python.bindings import bindings
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import own_nodes
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

#: Methods that put what they are given into the container, by the argument; and those that put its elements there.
_ADDING = {"append": 0, "appendleft": 0, "add": 0, "insert": 1, "put": 0, "put_nowait": 0}
_SPREADING = frozenset({"extend", "extendleft", "update"})
#: All methods of a container: an object on which another one is called is something else.
_CONTAINER = frozenset(dir(list)) | frozenset(dir(dict)) | frozenset(dir(set)) | frozenset(_ADDING) | _SPREADING
_MADE = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp


def fill_edits(draft: Draft) -> list[Edit]:
    """The edits of the statements that fill containers of which the file does not show what they are."""
    functions = [node for node in draft.nodes if isinstance(node, FunctionNode)]
    classes = (node for node in draft.nodes if isinstance(node, ast.ClassDef))
    own = {inner.name for node in classes for inner in node.body if isinstance(inner, FunctionNode)}
    edits: list[Edit] = []
    for function in functions:
        for statement in own_nodes(function):
            match statement:
                case (
                    ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name) as filled, attr=method)) as call)
                    | ast.Expr(
                        value=ast.Await(
                            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name) as filled, attr=method)) as call
                        )
                    )
                ) if method not in own and _may_be_container(name, function):
                    found = list(_filled(draft, call, filled, method))
                    if found and isinstance(statement.value, ast.Await):
                        start = draft.range(statement.value)[0], draft.range(call)[0]
                        edits.append(draft.edit("container-fill", start, "", draft.reason("it is filled", call)))
                    edits += found
    return edits


def _may_be_container(name: str, function: FunctionNode) -> bool:
    """Whether nothing in the function says what a variable is, but that it has a container's methods alone."""
    known = bindings(function)
    if name not in known.local or any(isinstance(value, _MADE) for value in known.values.get(name, ())):
        return False
    parameter = next((one for one in _parameters(function) if one.arg == name), None)
    if parameter is not None and parameter.annotation is not None:
        return False
    return all(
        node.attr in _CONTAINER
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    )


def _parameters(function: FunctionNode) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def _filled(draft: Draft, call: ast.Call, filled: ast.Name, method: str) -> Iterator[Edit]:
    start, end = draft.range(call)
    name_end = draft.range(filled)[1]
    reason = draft.reason(f"`{method}` puts it into the container", call)
    if any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords):
        return

    def edit(place: tuple[int, int], text: str) -> Edit:
        """An edit that keeps the line ends of what it takes away."""
        return draft.edit("container-fill", place, text + "\n" * draft.text.count("\n", *place), reason)

    if method in _ADDING and len(call.args) == _ADDING[method] + 1 and not call.keywords:
        first, last = draft.range(call.args[-1])
        yield edit((name_end, first), "[int(0)] = (")
        yield edit((last, end), ")")
    elif method in _SPREADING and len(call.args) == 1 and not call.keywords:
        first, last = draft.range(call.args[0])
        if method == "update":
            yield edit((start, first), f"dict.update({filled.id}, (")
            yield edit((last, end), "))")
        else:
            yield edit((name_end, first), "[int(0)] = (")
            yield edit((last, end), ")[int(0)]")
