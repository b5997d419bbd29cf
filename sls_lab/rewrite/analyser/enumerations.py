"""Write as a constant what outsiders can only choose among constants.

`Tool(name)`, for an enumeration of the application, is a member of it whatever `name` is: `(name, [*Tool][0])[1]`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

#: https://docs.python.org/3/library/enum.html; flags can be combined and are left alone.
ENUMERATIONS = frozenset({"Enum", "StrEnum", "IntEnum"})


def member_edits(draft: Draft, enumerations: Set[str]) -> list[Edit]:
    """The edits of members that are looked up; `enumerations` are the file's names for such classes."""
    edits: list[Edit] = []
    for node in draft.nodes:
        match node:
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in enumerations:
                if not isinstance(argument, ast.Starred):
                    edits += _member(draft, node, name, argument)
    return edits


def is_enumeration(definition: ast.ClassDef) -> bool:
    """Whether a class has fixed members; `_missing_` may make others."""
    bases = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in definition.bases}
    missing = any(isinstance(one, ast.FunctionDef) and one.name == "_missing_" for one in definition.body)
    return bool(bases & ENUMERATIONS) and not missing


def _member(draft: Draft, call: ast.Call, name: str, argument: ast.expr) -> Iterator[Edit]:
    reason = draft.reason(f"it is a member of `{name}`, whichever is looked up", call)
    (start, end), (first, last) = draft.range(call), draft.range(argument)
    yield draft.edit("enumeration-member", (start, first), "(" + "\n" * draft.text.count("\n", start, first), reason)
    lines = "\n" * draft.text.count("\n", last, end)
    yield draft.edit("enumeration-member", (last, end), f", [*{name}][0]{lines})[1]", reason)
