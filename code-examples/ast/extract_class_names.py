"""Print the classes of a Python file and what they derive from: python extract_class_names.py FILE"""

import ast
import sys

from asttokens import ASTText

from source_file import run, written


def first_version(text: str) -> list[tuple[int, str, list[str]]]:
    """It takes each base for a plain name: `models.Model` has no `id`, and the program ends with an AttributeError."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            found.append((node.lineno, node.name, [base.id for base in node.bases]))
    return found


def class_names(text: str) -> list[tuple[int, str, list[str]]]:
    """Each class: its line, its name with those around it, and its bases and keywords as they are written."""
    tokens = ASTText(text, tree=(tree := ast.parse(text)))
    found = []

    def look_into(node: ast.AST, around: str) -> None:
        if isinstance(node, ast.ClassDef):
            bases = [written(tokens, part) for part in (*node.bases, *node.keywords)]
            found.append((node.lineno, around + node.name, bases))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            around += node.name + "."
        for child in ast.iter_child_nodes(node):
            look_into(child, around)

    look_into(tree, "")
    return sorted(found)


def show(text: str) -> list[str]:
    return [f"{line:4}  {name}({', '.join(bases)})" for line, name, bases in class_names(text)]


if __name__ == "__main__":
    sys.exit(run(show, "no class"))
