"""Write functions that the library makes as functions with a name.

`pool.map(partial(send, text), urls)` is `pool.map(sls_lab_made_1, urls)` after
`def sls_lab_made_1(*rest, **named): return send(text, *rest, **named)`, and `itemgetter("id")` is what
`def sls_lab_made_2(one): return one["id"]` defines: Pysa follows functions that are handed over by their names, and
knows nothing of these. In a class, `stop = partialmethod(run, "stop")` is a method that calls the other one.

https://docs.python.org/3/library/functools.html, https://docs.python.org/3/library/operator.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence, Set

from sls_lab.python.module import ComprehensionNode, FunctionNode
from sls_lab.python.names import dotted
from sls_lab.python.walking import walk
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit, Origin

_LEFT = "*rest, **named"
_MADE = {
    "functools.partial": "partial",
    "functools.partialmethod": "method",
    "operator.attrgetter": "attribute",
    "operator.itemgetter": "item",
    "operator.methodcaller": "call",
}
_WORDS = frozenset(name.rpartition(".")[2] for name in _MADE)


def partial_edits(draft: Draft, own: Set[str], others: Sequence[Edit]) -> list[Edit]:
    """The edits of the functions that are made so; those within which `others` edit something stay.

    One that tells what to sort by, or is called at once, stays as well; so does a library's function with another name.
    `own` are the names of the application's functions in this file.
    """
    edits: list[Edit] = []
    edited = [(one.span.line, one.span.column) for one in others]
    parents = walk(draft.tree).parents
    number = 0
    for node in draft.nodes:
        kind = _kind(node, draft.tree)
        if kind is None or not isinstance(node, ast.Call):
            continue
        span = draft.span(*draft.range(node))
        if any((span.line, span.column) <= place <= (span.end_line, span.end_column) for place in edited):
            continue
        around = [node, *_around(node, parents)]
        statement = around[-1]
        if kind == "method":
            match statement, parents.get(statement):
                case ast.Assign(targets=[ast.Name(id=name)], value=value), ast.ClassDef() if value is node:
                    edits += _method(draft, statement, node, name)
        elif kind == "partial" and isinstance(statement, ast.Assign) and statement.value is node:
            root = _root(node.args[0])
            if root in own or root in ("self", "cls"):
                number += 1
                edits += _function(draft, statement, node, f"sls_lab_made_{number}", kind)
        elif isinstance(statement, ast.stmt) and not _bound_beside(node, around) and not _sorts(node, parents):
            number += 1
            edits += _function(draft, statement, node, f"sls_lab_made_{number}", kind)
    return edits


def _kind(node: ast.AST, tree: ast.Module) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id=word) | ast.Attribute(attr=word) as made, args=[_, *_]) if word in _WORDS:
            return _MADE.get(dotted(made, (tree,)) or "")
    return None


def _root(function: ast.expr) -> str | None:
    while isinstance(function, ast.Attribute):
        function = function.value
    return function.id if isinstance(function, ast.Name) else None


def _around(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    """The nodes around a node up to its statement."""
    while not isinstance(node, ast.stmt) and node in parents:
        node = parents[node]
        yield node


def _sorts(call: ast.Call, parents: Mapping[ast.AST, ast.AST]) -> bool:
    match parents.get(call):
        case ast.keyword(arg="key"):
            return True
        case ast.Call(func=function):
            return function is call
    return False


def _bound_beside(call: ast.Call, around: Sequence[ast.AST]) -> bool:
    """Whether a lambda or comprehension around it binds what it is given, which a statement before would not see."""
    bound = {
        inner.id if isinstance(inner, ast.Name) else inner.arg
        for scope in around
        if isinstance(scope, ComprehensionNode | ast.Lambda)
        for inner in ast.walk(scope)
        if (isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)) or isinstance(inner, ast.arg)
    }
    return any(isinstance(inner, ast.Name) and inner.id in bound for inner in ast.walk(call))


def _function(draft: Draft, statement: ast.stmt, call: ast.Call, name: str, kind: str) -> Iterator[Edit]:
    start, _ = draft.range(statement)
    column = start - (draft.text.rfind("\n", 0, start) + 1)
    indent = draft.text[start - column : start]
    if indent.strip():
        return
    if kind == "partial":
        text, origins = _with_arguments(draft, f"def {name}({_LEFT}): return ", call, call.args[0])
    else:
        found = _taking(draft, kind, call)
        if found is None:
            return
        text, origins = f"def {name}({found[0]}): return {found[1]}", ()
    place = draft.range(call)
    reason = draft.reason("the library makes such a function", call)
    tail = f"\n{indent}"
    yield draft.edit("named-partial", (start, start), text + tail, reason, about=place, origins=origins)
    yield draft.edit("named-partial", place, name + "\n" * draft.text.count("\n", *place), reason)


def _taking(draft: Draft, kind: str, call: ast.Call) -> tuple[str, str] | None:
    """The parameter and the result of a function that takes something from what it is given."""
    given = [one.value for one in call.args if isinstance(one, ast.Constant)]
    names = [one for one in given if isinstance(one, str) and one.replace(".", "").isidentifier()]
    if kind == "call":
        if given[:1] != names[:1] or not names or "." in names[0]:
            return None
        more = [ast.unparse(one) for one in (*call.args[1:], *call.keywords)]
        return _typed(draft, names[0]), f"one.{names[0]}({', '.join(more)})"
    if len(given) != len(call.args) or (kind == "attribute" and len(names) != len(given)):
        return None
    parts = [f"one.{one}" for one in names] if kind == "attribute" else [f"one[{one!r}]" for one in given]
    return "one", parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


def _typed(draft: Draft, method: str) -> str:
    """The parameter of a function that calls a method, with the classes of the file that have it."""
    classes = [
        one.name
        for one in draft.tree.body
        if isinstance(one, ast.ClassDef)
        and any(isinstance(inner, FunctionNode) and inner.name == method for inner in one.body)
    ]
    return f"one: '{' | '.join(classes)}'" if classes else "one"


def _method(draft: Draft, statement: ast.Assign, call: ast.Call, name: str) -> Iterator[Edit]:
    if not isinstance(call.args[0], ast.Name):
        return
    text, origins = _with_arguments(draft, f"def {name}(self, {_LEFT}): return self.", call, call.args[0])
    place = draft.range(statement)
    reason = draft.reason("the method calls it so", call)
    lines = "\n" * draft.text.count("\n", *place)
    yield draft.edit("named-partial", place, text + lines, reason, about=place, origins=origins)


def _with_arguments(draft: Draft, head: str, call: ast.Call, called: ast.expr) -> tuple[str, tuple[Origin, ...]]:
    """`head` and the call that a partial function makes, on one line; and what of it repeats the original."""
    origins: list[Origin] = []

    def written(text: str, before: str, part: ast.expr | ast.keyword) -> str:
        begin, end = draft.range(part)
        repeated = " ".join(draft.text[begin:end].splitlines())
        at = len(text) + len(before)
        origins.append(Origin(at, at + len(repeated), draft.span(begin, end)))
        return f"{text}{before}{repeated}"

    text = written(head, "", called) + "("
    for one in call.args[1:]:
        text = written(text, "", one) + ", "
    text += "*rest"
    for keyword in call.keywords:
        text = written(text, ", ", keyword)
    return f"{text}, **named)", tuple(origins)
