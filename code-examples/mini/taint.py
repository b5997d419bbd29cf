"""Step 5, trace the taint: which data of outsiders reach a sink, for one kind of sink after the other."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mini.rewrite import Program, own_calls

Marks = frozenset[str]  # on a value: the names of the parameters whose data are in it
Taint = Mapping[str, Marks]  # the marks on the value of each name
Reached = frozenset[tuple[str, str]]  # pairs of a mark and a sink
NONE: Marks = frozenset()
KINDS = frozenset({"shell", "code"})
HERE = "here"  # the sink of a library function: where it is called


@dataclass(frozen=True)
class Summary:
    """What callers need to know of a function: which parameters come out of it, and which reach a sink inside."""

    parameters: tuple[str, ...] = ()
    returns: Marks = NONE
    sinks: Reached = frozenset()


@dataclass(frozen=True)
class Library:
    """A function whose code is not read: the kind of sink that it is, and the kinds that it makes data harmless for."""

    name: str
    parameters: tuple[str, ...]
    sink: str = ""
    cleans: frozenset[str] = frozenset()


LIBRARY = (
    Library("os.system", ("command",), "shell", cleans=KINDS),
    Library("eval", ("source",), "code"),
    Library("shlex.quote", ("s",), cleans=frozenset({"shell"})),
    Library("int", ("x",), cleans=KINDS),
)


def targets(statement: Any) -> Iterator[tuple[str, bool]]:
    """The names that a statement assigns to, and whether all of their value: `x += 1` and `x[0] = 1` change a part."""
    for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
        for item in target.elts if isinstance(target, ast.Tuple) else [target]:
            base = item
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                yield base.id, base is item and not isinstance(statement, ast.AugAssign)


def assign(statement: ast.stmt, marks: Marks, taint: Taint) -> Taint:
    """The taint after an assignment of a value with these marks."""
    return {**taint, **{name: marks if whole else marks | taint.get(name, NONE) for name, whole in targets(statement)}}


def marks_of(node: ast.AST, taint: Taint, call: Callable[[ast.Call], Marks]) -> Marks:
    """The marks on an expression: those of its parts. `call` gives those on what a call returns."""
    if isinstance(node, ast.Name):
        return taint.get(node.id, NONE)
    if isinstance(node, ast.Call):
        return call(node)
    if isinstance(node, ast.Compare):
        return NONE  # it is True or False
    return NONE.union(*(marks_of(part, taint, call) for part in ast.iter_child_nodes(node)))


def through_call(summary: Summary | None, given: Taint) -> tuple[Marks, Reached]:
    """What comes out of a call, and what reaches which sink inside, with the marks given to each parameter."""
    if summary is None:
        return NONE.union(*given.values()), frozenset()
    out = NONE.union(*(given.get(parameter, NONE) for parameter in summary.returns))
    return out, frozenset((mark, sink) for parameter, sink in summary.sinks for mark in given.get(parameter, NONE))


def fixpoint(program: Program, models: Mapping[str, Any], look: Callable[..., Any], nothing: Any) -> dict[str, Any]:
    """The summaries of all functions: look at each again, until none changes."""
    before, summaries = None, {**models, **dict.fromkeys(program, nothing)}
    while summaries != before:
        before = summaries
        summaries = {**models, **{name: look(function, before) for name, function in program.items()}}
    return summaries


def models_for(kind: str, library: Sequence[Library]) -> dict[str, Summary]:
    """The summaries of library functions, for one kind of sink: what is harmless for it does not come out."""
    models = {}
    for row in library:
        sinks = [(parameter, HERE) for parameter in row.parameters if row.sink == kind]
        returns = [parameter for parameter in row.parameters if kind not in row.cleans]
        models[row.name] = Summary(row.parameters, frozenset(returns), frozenset(sinks))
    return models


@dataclass(frozen=True)
class Flow:
    """Data of whoever wakes the function `source` reach a sink of this kind."""

    kind: str
    source: str
    sink: str


@dataclass(frozen=True)
class Analyser:
    """The five functions, and what puts them together."""

    assign: Callable[..., Taint] = assign
    marks_of: Callable[..., Marks] = marks_of
    through_call: Callable[..., tuple[Marks, Reached]] = through_call
    fixpoint: Callable[..., dict[str, Any]] = fixpoint
    models_for: Callable[..., dict[str, Summary]] = models_for

    def trace(self, program: Program, sources: Sequence[str]) -> frozenset[Flow]:
        """The flows from the event of each source, one kind of sink after the other."""
        found = set()
        for kind in sorted(KINDS):
            summaries = self.fixpoint(program, self.models_for(kind, LIBRARY), self.look, Summary())
            for source in sources:
                event = summaries[source].parameters[0]
                found |= {Flow(kind, source, sink) for mark, sink in summaries[source].sinks if mark == event}
        return frozenset(found)

    def look(self, function: ast.FunctionDef, summaries: Mapping[str, Summary]) -> Summary:
        """The summary of a function, from those of the functions that it calls. Each parameter is a mark of its own."""
        names = tuple(argument.arg for argument in (*function.args.args, *function.args.kwonlyargs))
        after = self.run(function.body, {name: frozenset({name}) for name in names}, function.name, summaries)
        sinks = {(mark, name) for name, marks in after.items() if " " in name for mark in marks}
        return Summary(names, after.get("return", NONE), frozenset(sinks))

    def run(self, body: Sequence[ast.stmt], taint: Taint, function: str, summaries: Mapping[str, Summary]) -> Taint:
        """The taint after some statements. What is returned or reaches a sink is kept like the value of a name."""
        for statement in body:
            for call in own_calls(statement):
                for mark, sink in self.through(call, taint, summaries)[1]:
                    place = f"{ast.unparse(call.func)} in {function}, line {call.lineno}" if sink == HERE else sink
                    taint = join(taint, {place: frozenset({mark})})
            value = getattr(statement, "iter", getattr(statement, "value", None))
            if value and isinstance(statement, ast.Return):
                taint = join(taint, {"return": self.marks(value, taint, summaries)})
            elif value and not isinstance(statement, ast.Expr):
                taint = self.assign(statement, self.marks(value, taint, summaries), taint)
            taint = self.inside(statement, taint, function, summaries)
        return taint

    def inside(self, statement: ast.stmt, taint: Taint, function: str, summaries: Mapping[str, Summary]) -> Taint:
        """The taint after the statements in a statement. A branch may run or not, a loop any number of times."""
        parts = (statement, *getattr(statement, "handlers", ()))
        bodies = [getattr(part, name, []) for part in parts for name in ("body", "orelse", "finalbody")]
        joined = join(taint, *(self.run(body, taint, function, summaries) for body in bodies))
        return taint if joined == taint else self.inside(statement, joined, function, summaries)

    def marks(self, node: ast.AST, taint: Taint, summaries: Mapping[str, Summary]) -> Marks:
        """The marks on an expression."""
        return self.marks_of(node, taint, lambda call: self.through(call, taint, summaries)[0])

    def through(self, call: ast.Call, taint: Taint, summaries: Mapping[str, Summary]) -> tuple[Marks, Reached]:
        """What comes out of a call, and what reaches a sink in it."""
        summary = summaries.get(ast.unparse(call.func))
        names = summary.parameters if summary else map(str, range(len(call.args)))
        arguments = {"self": call.func, **dict(zip(names, call.args, strict=False))}
        arguments |= {str(keyword.arg): keyword.value for keyword in call.keywords}
        given = {name: self.marks(node, taint, summaries) for name, node in arguments.items()}
        return self.through_call(summary, given)


def join(*taints: Taint) -> Taint:
    """What may hold where ways come together: all that holds on one of them."""
    return {name: NONE.union(*(one.get(name, NONE) for one in taints)) for one in taints for name in one}
