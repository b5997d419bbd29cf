"""Step 4, rewrite the handlers: what an event does becomes a call, which any analyser can follow."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from mini.graph import Edge
from mini.template import Function

Program = Mapping[str, ast.FunctionDef]  # each function by the name that it has in the program


def rewrite_handlers(functions: Sequence[Function], texts: Mapping[str, str], edges: Sequence[Edge]) -> Program:
    """The functions of all files as one program. `texts` has the contents of the files."""
    program: dict[str, ast.FunctionDef] = {}
    handlers = {function.name: new_name(function.file, function.handler) for function in functions}
    for file, text in texts.items():
        tree = ast.parse(text)
        names = full_names(file, tree)
        here = [function.name for function in functions if function.file == file]
        made = [handler_call(edge, handlers[edge.target]) for edge in edges if edge.source in here]
        tree = Rewriter(names, [Rewriter(names).visit(one) for one in made]).visit(tree)
        for node in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            node.name = new_name(file, node.name)
            program[node.name] = node
    return program


def new_name(file: str, function: str) -> str:
    """A function's name in the program: `handler` of `handlers/store.py` becomes `store_handler`."""
    return f"{PurePosixPath(file).stem}_{function}"


def full_names(file: str, tree: ast.Module) -> dict[str, ast.expr]:
    """What short names of a file mean: functions of its own, and what it imports, with the module."""
    names = {node.name: new_name(file, node.name) for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            names |= {alias.asname or alias.name: module + alias.name for alias in node.names}
    return {short: ast.Name(full) for short, full in names.items()}


def handler_call(edge: Edge, handler: str) -> ast.stmt:
    """The call that AWS would make, of the handler with an event object, at the place of the call that is its cause."""
    service, data = edge.call.service, deepcopy(edge.call.data)
    if service.name == "dynamodb" and isinstance(data, ast.Dict):
        # A stream wraps each value in its type: {"S": "a string"}.
        data = ast.Dict(data.keys, [ast.Dict([ast.Constant("S")], [value]) for value in data.values])
    event = Rewriter({"DATA": data}).visit(ast.parse(service.event, mode="eval").body)
    call = ast.Expr(ast.Call(ast.Name(handler), [event, ast.Constant(None)], []))
    return ast.fix_missing_locations(ast.copy_location(call, edge.call.node))


@dataclass(frozen=True)
class Rewriter(ast.NodeTransformer):
    """Puts an expression where one of `names` is, and each statement that was made before the one at its place."""

    names: Mapping[str, ast.expr]
    made: Sequence[ast.stmt] = ()  # before, since a `return` ends the function, and the data have the same value there

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Name):
            return self.names.get(node.id, node)
        self.generic_visit(node)
        places = {(call.lineno, call.col_offset) for call in own_calls(node)} if isinstance(node, ast.stmt) else ()
        added = [one for one in self.made if (one.lineno, one.col_offset) in places]
        return [*added, node] if added else node


def own_calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls in a statement, but for those in the statements inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt):
            yield from [child] if isinstance(child, ast.Call) else []
            yield from own_calls(child)
