"""The synchronous equivalent of an application, edit by edit."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sls_lab.code import Receiver
from sls_lab.events.model import Edge
from sls_lab.facts import Diagnostic, Reason, Span

#: `named-call`: calls that replace one which does not name what it calls; `for-the-analyser`: the same program in a
#: form that the analyser follows, one of `AnalyserForm`.
EditKind = Literal[
    "type-annotation",
    "event-object",
    "handler-call",
    "import",
    "store-propagation",
    "named-call",
    "for-the-analyser",
]
AnalyserForm = Literal[
    "package-import",
    "stub-import",
    "event-type",
    "yielded-element",
    "list-slice",
    "index-from-the-end",
    "dependency",
    "dict-call",
    "generator",
    "grouped-list",
    "container-fill",
    "entered-key",
    "decorated-handler",
    "alias",
    "attribute-call",
    "named-argument",
    "named-lambda",
    "named-partial",
    "keyed-method",
    "left-context",
    "class-pattern",
    "named-tuple",
    "registered-name",
    "returned-function",
    "enumeration-member",
    "dataclass-init",
    "lambda-handler",
    "powertools-call",
    "older-form",
    "testing-import",
    "secret",
    "open-call",
]


@dataclass(frozen=True, slots=True)
class Origin:
    """A stretch of an edit's text (offsets, end exclusive) that repeats an expression of the original file."""

    start: int
    end: int
    span: Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Source that replaces `span` (empty for an insertion) in the source that it is made for.

    That is the original file, or, for the kind `for-the-analyser` (which has a `form`), the rewritten file; `about` and
    `origins` are places in the same source, `because` always in original files.

    `about` is what the edit is about: the boto3 call, the variable that gets a type, the line that writes a file.
    `node` is the statement or expression that was synthesised, of which `text` holds the source. `origins` say which
    stretches of `text` repeat the original's expressions. `edges` are those this edit makes visible (none for
    annotations and stores).
    """

    kind: EditKind
    span: Span
    text: str
    about: Span
    because: tuple[Reason, ...]
    node: ast.AST | None = None
    origins: tuple[Origin, ...] = ()
    edges: tuple[Edge, ...] = ()
    form: AnalyserForm | None = None


@dataclass(frozen=True, slots=True)
class RewrittenFile:
    """One file before and after. `edits` lead from `original` to `text`, in the order of their places.

    `for_the_analyser` lead on from `text` to what the analyser reads: `AnalysedText` has that.
    """

    file: str
    original: str
    text: str
    edits: tuple[Edit, ...]
    for_the_analyser: tuple[Edit, ...] = ()


CallWay = tuple[ast.AST, ...]


@dataclass(frozen=True, slots=True)
class Users:
    """Who leaves or finds data at a place: `handlers`, by ways of calls through helpers, the outermost call first.

    `ways` are those by which it is this place, `every` all that lead to the same calls.
    """

    handlers: frozenset[str] = frozenset()
    ways: tuple[CallWay, ...] = ()
    every: tuple[CallWay, ...] = ()

    def hold(self, handler: str, calls: Sequence[ast.AST]) -> bool:
        """Whether `handler` may mean this place where `calls` have led to it; any may where the way is not known."""
        if handler not in self.handlers:
            return False
        known = _leads(self.every, calls)
        return not known or _leads(self.ways, calls)


def _leads(ways: Sequence[CallWay], calls: Sequence[ast.AST]) -> bool:
    """Whether one of the ways ends in `calls`."""
    return any(
        len(way) >= len(calls)
        and all(one is other for one, other in zip(way[len(way) - len(calls) :], calls, strict=True))
        for way in ways
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """Where data is left by one function and found by another: `place` in words, such as "the table `orders`".

    A `shared` place is one that handlers share, such as a table; `leaving` and `finding` are those that use it.
    Every other place is each handler's own. Where it is not `certain`, some name of it was not known in full.
    """

    place: str
    shared: bool = False
    certain: bool = True
    leaving: Users = Users()
    finding: Users = Users()


@dataclass(frozen=True, slots=True)
class Rewriting:
    """All files that handlers reach, rewritten where an edge, a store or an untyped client asks for it.

    `modules` gives each file the dotted name under which the rewritten files import it: that of its path, made of
    identifiers where folders or files are named otherwise (`my-handlers/lambda.py` is `my_handlers.lambda_`). `kept`
    gives the places at which functions leave data to each other, by the names in `keep_…` and `kept_…`. `entries` are
    functions that are written to be given the events of handlers, by the handler's name.
    """

    files: Mapping[str, RewrittenFile]
    modules: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    kept: Mapping[str, Kept] = field(default_factory=dict)
    entries: Mapping[str, Receiver] = field(default_factory=dict)
