"""For each function of a Python file, print a call that hands its parameters on: python synthesise_a_call.py FILE"""

import ast
import sys

from source_file import run


def first_version(handler: str, key: str) -> str:
    """It pastes text: a key such as `it's.jpg` ends the quotes too early, and the call no longer parses."""
    return f"{handler}({{'key': '{key}'}}, None)"


def event_call(handler: str, event: dict) -> ast.Call:
    """A call of a handler with an event object: made of nodes, so that a text stays one text, whatever is in it."""
    return ast.Call(func=dotted(handler), args=[as_node(event), ast.Constant(None)], keywords=[])


def as_node(value: object) -> ast.expr:
    """A value as nodes: dicts and lists are taken apart, nodes in them stay, and the rest becomes constants."""
    match value:
        case ast.expr():
            return value
        case dict():
            return ast.Dict(keys=[as_node(key) for key in value], values=[as_node(each) for each in value.values()])
        case list():
            return ast.List(elts=[as_node(each) for each in value], ctx=ast.Load())
        case _:
            return ast.Constant(value)


def dotted(name: str) -> ast.expr:
    """`handlers.store.handler` as nodes: a name, with one attribute around the other."""
    first, *rest = name.split(".")
    node = ast.Name(first, ast.Load())
    for attribute in rest:
        node = ast.Attribute(node, attribute, ast.Load())
    return node


def hand_on(function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr:
    """A call of the function that gives each of its parameters the variable of the same name, in the way it asks."""
    takes = function.args
    positional = [dotted(parameter.arg) for parameter in (*takes.posonlyargs, *takes.args)]
    if takes.vararg:
        positional.append(ast.Starred(dotted(takes.vararg.arg), ast.Load()))
    keywords = [ast.keyword(parameter.arg, dotted(parameter.arg)) for parameter in takes.kwonlyargs]
    if takes.kwarg:
        keywords.append(ast.keyword(None, dotted(takes.kwarg.arg)))
    call = ast.Call(func=dotted(function.name), args=positional, keywords=keywords)
    return ast.Await(call) if isinstance(function, ast.AsyncFunctionDef) else call


def show(text: str) -> list[str]:
    lines = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            call = hand_on(node)
            lines.append(f"{node.lineno:4}  {ast.unparse(call)}")
            lines += [f"      {line}" for line in ast.dump(call, indent=2).splitlines()]
    return lines


if __name__ == "__main__":
    sys.exit(run(show, "no function at the top level"))
