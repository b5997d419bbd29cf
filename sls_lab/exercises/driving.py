"""How the functions of a small taint analyser are run on a sample, one driver for each: what comes of it, in lines.

A learner's function works on nodes, marks and summaries. A driver makes these out of a sample's text, calls the
function as the analyser would, and says in strings what it gave, so that two answers can be compared and shown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final

Marks = frozenset[str]
FunctionDriver = Callable[[Callable[..., Any], str], list[str]]
_NONE: Marks = frozenset()
#: More looks than any program of a sample needs.
_MOST_LOOKS: Final = 500


class UnfitResult(Exception):
    """What a function gave is of another form than the analyser needs: `given`, and what is asked for."""

    def __init__(self, given: object, asked: str) -> None:
        super().__init__(asked)
        self.given = given


class EndlessRounds(Exception):
    """A function goes on looking for a fixpoint that it has long reached."""


def assignments(assign: Callable[..., Any], text: str) -> list[str]:
    """The names with marks after some statements, of which each has been given to `assign`.

    At first `event` and `context` have a mark of their own name. A value has the marks of the names in it.
    """
    taint: Mapping[str, Marks] = {name: frozenset({name}) for name in ("event", "context")}
    for statement in ast.parse(text).body:
        value = getattr(statement, "iter", getattr(statement, "value", None))
        # What is passed cannot be changed: both branches of an `if` begin with the same dictionary.
        after = assign(statement, _marks_in(value, taint), MappingProxyType(dict(taint)))
        if not isinstance(after, Mapping):
            raise UnfitResult(after, "Return a dictionary: each name with the set of its marks.")
        taint = {str(name): _as_marks(marks, f"the marks of `{name}`") for name, marks in after.items()}
    return [f"{name}: {_listed(marks)}" for name, marks in taint.items() if marks]


def expressions(marks_of: Callable[..., Any], text: str) -> list[str]:
    """The marks on each line, an expression, where `title` and `key` have a mark of their own name.

    What `keep` returns has the marks of its arguments. What any other function returns has none.
    """
    taint = {name: frozenset({name}) for name in ("title", "key")}

    def call(node: ast.Call) -> Marks:
        return _marks_in(node, taint) if ast.unparse(node.func) == "keep" else _NONE

    found = []
    for line in text.splitlines():
        marks = _as_marks(marks_of(ast.parse(line, mode="eval").body, dict(taint), call), f"the marks on `{line}`")
        found.append(f"{line} has {_listed(marks) or 'no marks'}")
    return found


def calls(through_call: Callable[..., Any], text: str) -> list[str]:
    """What comes out of a call and what reaches a sink in it, where `text` assigns `returns`, `sinks` and `given`.

    `summary = None` stands for a function that nothing is known of.
    """
    said = {node.targets[0].id: ast.literal_eval(node.value) for node in _assignments_in(text)}
    summary = None
    if "returns" in said:
        parameters = tuple(said.get("parameters", said["given"]))
        summary = SimpleNamespace(
            parameters=parameters, returns=frozenset(said["returns"]), sinks=frozenset(said["sinks"])
        )
    result = through_call(summary, {name: frozenset(marks) for name, marks in said["given"].items()})
    asked = "Return two sets: the marks that come out, and the pairs of a mark and a sink."
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise UnfitResult(result, asked)
    out, sinks = _as_marks(result[0], "what comes out"), _as_pairs(result[1], asked)
    return [f"{mark} comes out" for mark in sorted(out)] + [f"{mark} reaches {sink}" for mark, sink in sorted(sinks)]


def rounds(fixpoint: Callable[..., Any], text: str) -> list[str]:
    """Which kinds of sinks each function of a program reaches, where a look sees the calls in one function alone.

    A look asks for the summary of each function of the program that is called, and of `os.system` and `eval`.
    """
    program = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    models = {"os.system": frozenset({"shell"}), "eval": frozenset({"code"})}
    looks = iter(range(_MOST_LOOKS))

    def look(function: ast.FunctionDef, summaries: Mapping[str, Marks]) -> Marks:
        if next(looks, None) is None:
            raise EndlessRounds(f"{_MOST_LOOKS} looks, and no end")
        called = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
        return _NONE.union(*(summaries[name] for name in called if name in program or name in models))

    summaries = fixpoint(MappingProxyType(program), MappingProxyType(models), look, _NONE)
    if not isinstance(summaries, Mapping):
        raise UnfitResult(summaries, "Return a dictionary: each function with its summary.")
    known = {str(name): _as_marks(kinds, f"the summary of `{name}`") for name, kinds in summaries.items()}
    return [f"{name} reaches {_listed(known[name]) or 'nothing'}" for name in program if name in known]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sample's library, with the fields of the analyser's."""

    name: str
    parameters: tuple[str, ...]
    sink: str = ""
    cleans: frozenset[str] = frozenset()


def models(models_for: Callable[..., Any], text: str) -> list[str]:
    """What the models of a library say for the `kind` that `text` assigns; each other line of it is a `Library(…)`."""
    (kind,) = [ast.literal_eval(node.value) for node in _assignments_in(text)]
    rows = [_row(node.value) for node in ast.parse(text).body if isinstance(node, ast.Expr)]
    made = models_for(kind, tuple(rows))
    if not isinstance(made, Mapping):
        raise UnfitResult(made, "Return a dictionary: each name of the library with a `Summary`.")
    found = []
    for row in rows:
        model = made.get(row.name)
        # What has no summary is unknown, and of an unknown function all comes out.
        returns, sinks = row.parameters, frozenset[tuple[str, str]]()
        if model is not None:
            asked = "Each summary is a `Summary(parameters, returns, sinks)`."
            if not all(hasattr(model, field) for field in ("parameters", "returns", "sinks")):
                raise UnfitResult(model, asked)
            pairs = f"{asked} `sinks` has pairs of a parameter and `HERE`."
            # The analyser only goes through them, so that a list will do.
            returns = tuple(sorted(_as_marks(model.returns, f"what `{row.name}` returns", lists=True)))
            sinks = _as_pairs(model.sinks, pairs, lists=True)
            if tuple(model.parameters) != row.parameters:
                raise UnfitResult(model.parameters, "The parameters of a summary are those of the row, in their order.")
        found += [f"{row.name}: {name} comes out" for name in returns]
        found += [f"{row.name}: {name} reaches a sink" for name, _ in sorted(sinks)]
    return found


DRIVERS: Final[Mapping[str, FunctionDriver]] = {
    "assignments": assignments,
    "expressions": expressions,
    "calls": calls,
    "rounds": rounds,
    "models": models,
}


def _marks_in(node: ast.AST | None, taint: Mapping[str, Marks]) -> Marks:
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)] if node else []
    return _NONE.union(*(taint.get(name, _NONE) for name in names))


def _assignments_in(text: str) -> list[Any]:
    return [node for node in ast.parse(text).body if isinstance(node, ast.Assign)]


def _row(node: ast.expr) -> _Row:
    assert isinstance(node, ast.Call), "a row of a library is written as a call"
    given = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in node.keywords}
    row = _Row(*(ast.literal_eval(argument) for argument in node.args), **given)
    return _Row(row.name, row.parameters, row.sink, frozenset(row.cleans))


def _as_marks(value: Any, what: str, *, lists: bool = False) -> Marks:
    if not _is_collection(value, lists) or not all(isinstance(mark, str) for mark in value):
        raise UnfitResult(value, f"A set of strings is asked for: {what}.")
    return frozenset(value)


def _as_pairs(value: Any, asked: str, *, lists: bool = False) -> frozenset[tuple[str, str]]:
    if not _is_collection(value, lists) or not all(_is_pair(pair) for pair in value):
        raise UnfitResult(value, asked)
    return frozenset(value)


def _is_collection(value: object, lists: bool) -> bool:
    return isinstance(value, Set) or (lists and isinstance(value, list | tuple))


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, str) for part in value)


def _listed(marks: Marks) -> str:
    return ", ".join(sorted(marks))
