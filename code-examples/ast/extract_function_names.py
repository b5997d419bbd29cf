"""Print the functions of a Python file: python extract_function_names.py FILE"""

import ast
import sys

from source_file import run


def first_version(text: str) -> list[tuple[int, str]]:
    """It sees `def` at the top level, and nothing else: no method, no nested or async function."""
    found = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            found.append((node.lineno, node.name))
    return found


def function_names(text: str) -> list[tuple[int, str]]:
    """Each function's line and its name with those of the classes and functions around it, in the file's order."""
    found = []

    def look_into(node: ast.AST, around: str) -> None:
        inside = around
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.append((node.lineno, around + name))
                inside += name + "."
            case ast.ClassDef(name=name):
                inside += name + "."
            case ast.Lambda():
                found.append((node.lineno, around + "<lambda>"))  # as Python itself calls it
        for child in ast.iter_child_nodes(node):
            # Statements are the body; decorators, defaults and bases still belong outside.
            look_into(child, inside if isinstance(child, ast.stmt) else around)

    look_into(ast.parse(text), "")
    return sorted(found)


def show(text: str) -> list[str]:
    return [f"{line:4}  {name}" for line, name in function_names(text)]


if __name__ == "__main__":
    sys.exit(run(show, "no function"))
