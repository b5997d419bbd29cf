"""Write as constants what outsiders can only choose among constants.

`Tool(name)`, for an enumeration of the application, is a member of it whatever `name` is: `(name, Tool)[1]`. After
`case "start" | "stop" as word:` the word is one of two strings: `word = 'start'`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

#: https://docs.python.org/3/library/enum.html; flags can be combined and are left alone.
ENUMERATIONS = frozenset({"Enum", "StrEnum", "IntEnum"})


def choice_edits(draft: Draft, enumerations: Set[str]) -> list[Edit]:
    """The edits of looked up members and captured literals; `enumerations` are the file's names for such classes."""
    edits: list[Edit] = []
    for node in draft.nodes:
        match node:
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in enumerations:
                if not isinstance(argument, ast.Starred):
                    edits += _member(draft, node, name, argument)
            case ast.match_case(pattern=ast.MatchAs(pattern=ast.pattern() as pattern, name=str(name)), body=body):
                literal = next(_literals(pattern), None)
                if literal is not None and all(one is not None for one in _literals(pattern)):
                    edits.append(_captured(draft, name, literal, body[0]))
    return edits


def is_enumeration(definition: ast.ClassDef) -> bool:
    """Whether a class has fixed members; `_missing_` may make others."""
    bases = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in definition.bases}
    missing = any(isinstance(one, ast.FunctionDef) and one.name == "_missing_" for one in definition.body)
    return bool(bases & ENUMERATIONS) and not missing


def _member(draft: Draft, call: ast.Call, name: str, argument: ast.expr) -> Iterator[Edit]:
    reason = draft.reason(f"it is a member of `{name}`, whichever is looked up", call)
    (start, end), (first, last) = draft.range(call), draft.range(argument)
    yield draft.edit("fixed-choice", (start, first), "(" + "\n" * draft.text.count("\n", start, first), reason)
    lines = "\n" * draft.text.count("\n", last, end)
    yield draft.edit("fixed-choice", (last, end), f", {name}{lines})[1]", reason)


def _literals(pattern: ast.pattern) -> Iterator[ast.Constant | None]:
    """The literals that a pattern matches; None where it matches something else."""
    match pattern:
        case ast.MatchValue(value=ast.Constant() as literal):
            yield literal
        case ast.MatchOr(patterns=patterns):
            for one in patterns:
                yield from _literals(one)
        case _:
            yield None


def _captured(draft: Draft, name: str, literal: ast.Constant, first: ast.stmt) -> Edit:
    start, _ = draft.range(first)
    column = start - (draft.text.rfind("\n", 0, start) + 1)
    before = draft.text[start - column : start]
    text = f"{name} = {literal.value!r}"
    text += f"\n{before}" if not before.strip() else "; "
    return draft.edit("fixed-choice", (start, start), text, draft.reason(f"`{name}` is one of the literals", first))
