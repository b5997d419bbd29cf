"""Print the calls of a Python file with their arguments: python extract_call_arguments.py FILE"""

import ast
import sys

from asttokens import ASTText

from source_file import run, written


def first_version(text: str) -> list[tuple[int, str, list[str]]]:
    """It takes the function and each argument for a plain name, and leaves keyword arguments out."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            found.append((node.lineno, node.func.id, [argument.id for argument in node.args]))
    return found


def call_arguments(text: str) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """Each call: its line, its function, and its arguments as pairs of name (or position) and text, as written."""
    tokens = ASTText(text, tree=(tree := ast.parse(text)))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset, call.end_lineno, call.end_col_offset))
    found = []
    for call in calls:
        arguments = []
        for position, value in enumerate(call.args):
            if isinstance(value, ast.Starred):
                arguments.append(("*", written(tokens, value.value)))
            else:
                after_a_star = any(name == "*" for name, _ in arguments)
                arguments.append(("?" if after_a_star else str(position), written(tokens, value)))
        for keyword in call.keywords:
            arguments.append((keyword.arg or "**", written(tokens, keyword.value)))
        found.append((call.lineno, written(tokens, call.func), arguments))
    return found


def show(text: str) -> list[str]:
    lines = []
    for line, function, arguments in call_arguments(text):
        lines.append(f"{line:4}  {function}")
        lines += [f"      {name:>12} = {value}" for name, value in arguments]
    return lines


if __name__ == "__main__":
    sys.exit(run(show, "no call"))
