"""Write out the `__init__` of a dataclass whose `__post_init__` it calls.

Pysa knows that a dataclass keeps its arguments, but not that `__post_init__` runs then.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.python.module import FunctionNode
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit


def dataclass_edits(draft: Draft) -> Iterator[Edit]:
    """The edits that end such classes with their `__init__`; one that inherits fields is left alone."""
    for node in draft.nodes:
        if isinstance(node, ast.ClassDef) and not node.bases and any(map(_is_dataclass, node.decorator_list)):
            defined = {one.name for one in node.body if isinstance(one, FunctionNode)}
            if "__post_init__" in defined and "__init__" not in defined:
                yield _initialised(draft, node)


def _is_dataclass(decorator: ast.expr) -> bool:
    """https://docs.python.org/3/library/dataclasses.html"""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(function, ast.Name | ast.Attribute) and _word(function) == "dataclass"


def _word(expression: ast.expr) -> str:
    return expression.id if isinstance(expression, ast.Name) else getattr(expression, "attr", "")


def _initialised(draft: Draft, definition: ast.ClassDef) -> Edit:
    parameters, body, passed = ["self"], [], []
    for field in definition.body:
        match field:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                kind = _word(annotation.value) if isinstance(annotation, ast.Subscript) else _word(annotation)
                if kind == "ClassVar" or _made_later(value):
                    continue
                parameters.append(name if value is None else f"{name}=None")
                if kind == "InitVar":
                    passed.append(name)
                else:
                    body.append(f"self.{name} = {name}")
    body.append(f"self.__post_init__({', '.join(passed)})")
    last = definition.body[-1]
    _, end = draft.range(last)
    start, _ = draft.range(definition.body[0])
    indent = draft.text[draft.text.rfind("\n", 0, start) + 1 : start]
    indent = indent if not indent.strip() else "    "
    text = f"\n{indent}def __init__({', '.join(parameters)}):\n" + "\n".join(f"{indent}    {line}" for line in body)
    reason = draft.reason("a dataclass begins so", definition)
    return draft.edit("dataclass-init", (end, end), text, reason)


def _made_later(value: ast.expr | None) -> bool:
    """Whether a field is not a parameter: `field(init=False)`."""
    return isinstance(value, ast.Call) and any(
        one.arg == "init" and isinstance(one.value, ast.Constant) and one.value.value is False for one in value.keywords
    )
