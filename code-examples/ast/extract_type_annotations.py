"""Print the type annotations of a Python file: python extract_type_annotations.py FILE"""

import ast
import sys
from collections.abc import Iterator

from asttokens import ASTText

from source_file import run, written


def first_version(text: str) -> list[tuple[int, str, str]]:
    """It takes each annotation for a plain name, and looks at ordinary parameters alone."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            for parameter in node.args.args:
                if parameter.annotation:
                    found.append((parameter.lineno, parameter.arg, parameter.annotation.id))
    return found


def type_annotations(text: str) -> list[tuple[int, str, str, list[str]]]:
    """Each annotation: its line, what it belongs to, how it is written, and the types that it names."""
    tokens = ASTText(text, tree=(tree := ast.parse(text)))
    found = []
    for node in ast.walk(tree):
        match node:
            case (
                ast.FunctionDef(name=name, returns=ast.expr() as note)
                | ast.AsyncFunctionDef(name=name, returns=ast.expr() as note)
            ):
                what = f"{name}()"
            case ast.arg(arg=what, annotation=ast.expr() as note):  # parameters of every kind, *rest and **more too
                pass
            case ast.AnnAssign(target=target, annotation=note):
                what = written(tokens, target)
            case _:
                continue
        found.append((note.lineno, note.col_offset, what, written(tokens, note), list(dict.fromkeys(types(note)))))
    return [(line, *rest) for line, _, *rest in sorted(found)]


def types(note: ast.expr) -> Iterator[str]:
    """The types that an annotation names: of `Optional[list["Photo"]]` these are Optional, list and Photo."""
    match note:
        case ast.Constant(value=str() as quoted):  # an annotation in quotes: Python reads it later, so we do
            try:
                yield from types(ast.parse(quoted.strip(), mode="eval").body)
            except SyntaxError:
                yield quoted
        case ast.Name() | ast.Attribute() | ast.Constant():
            yield ast.unparse(note)
        case ast.Subscript(value=value, slice=inside):
            yield (general := ast.unparse(value))
            match general.rpartition(".")[2]:
                case "Literal":  # its strings are values
                    return
                case "Annotated" if isinstance(inside, ast.Tuple):  # only the first part is a type
                    yield from types(inside.elts[0])
                case _:
                    yield from types(inside)
        case _:  # int | None, and the lists of Callable[[int, str], bool]
            for part in ast.iter_child_nodes(note):
                if isinstance(part, ast.expr):
                    yield from types(part)


def show(text: str) -> list[str]:
    return [f"{line:4}  {what}: {note}  ({', '.join(of)})" for line, what, note, of in type_annotations(text)]


if __name__ == "__main__":
    sys.exit(run(show, "no type annotation"))
