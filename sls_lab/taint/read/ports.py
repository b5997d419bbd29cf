"""Where in what a function is given the data is: the ports of Pysa's frames, and the expressions made for events."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence, Set

from sls_lab.code import BotoCall, Module
from sls_lab.python.module import ScopeNode
from sls_lab.services.call_values import View


def parameter_of(port: str) -> str:
    """`event` of `formal(event, position=0)[body]`."""
    return port.partition("(")[2].partition(")")[0].partition(",")[0] or "an argument"


def part_of(port: str) -> str | None:
    """`number` of `formal(order)[number]`; None where all of it may be meant."""
    first = next(iter(path_of(port)), None)
    return first if first is not None and first.isidentifier() else None


def path_of(port: str) -> list[str]:
    """`Records`, `0`, `body` of `formal(event, position=0)[Records][0][body]`."""
    rest = port.partition(")")[2]
    return [part.rstrip("]") for part in rest.split("[") if part]


def at_port(expression: ast.expr, path: Sequence[str]) -> tuple[ast.expr, Sequence[str]]:
    """The part of a dictionary written out in code that lies at a path, as far down as it is, and the path from there.

    After `**` an entry may be another's: there the whole dictionary is meant.
    """
    for number, key in enumerate(path):
        match expression:
            case ast.Dict(keys=keys, values=values):
                last = next((at for at in reversed(range(len(keys))) if _may_be(keys[at], key)), None)
                if last is None or not isinstance(keys[last], ast.Constant):
                    return expression, path[number:]
                expression = values[last]
            case ast.List(elts=elements) if elements:
                expression = elements[int(key)] if key.isdigit() and int(key) < len(elements) else elements[0]
            case _:
                return expression, path[number:]
    return expression, ()


def _may_be(written: ast.expr | None, key: str) -> bool:
    return not isinstance(written, ast.Constant) or str(written.value) == key


def is_written_out(
    call: BotoCall | None, given: ast.expr, path: Sequence[str], function: ScopeNode, module: Module
) -> bool:
    """Whether what is given to a call has strings at a path that are known in full, whoever made them."""
    if call is None or not path:
        return False
    view = View.of(call, function, module.tree)
    for key in path:
        inner = view.written(given, key)
        if inner is None:
            return False
        given = inner
    return all(value.known for value in view.values(given))


def is_own(node: ast.AST, variables: Set[str]) -> bool:
    """Whether a synthesised tree reads none of `variables` itself."""
    return hasattr(node, "lineno") or (
        not (isinstance(node, ast.Name) and node.id in variables)
        and all(is_own(child, variables) for child in ast.iter_child_nodes(node))
    )


def originals(node: ast.AST) -> Iterator[ast.AST]:
    """The largest nodes of a synthesised tree that the application wrote."""
    if hasattr(node, "lineno"):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from originals(child)
