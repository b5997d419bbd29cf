"""What the source shows of a flow from a secret: whether the secret arrives, and whether it may be there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from sls_lab.facts import Reason, Span
from sls_lab.python.module import Module, NamespaceNode
from sls_lab.python.names import dotted
from sls_lab.python.positions import span_of
from sls_lab.python.scopes import resolve, scopes_around
from sls_lab.python.walking import walk
from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.model import Rule, Step

#: What the call of a sink says where it keeps the secret encrypted with a key of its own: the argument and its values.
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
_ENCRYPTING: Mapping[str, frozenset[str]] = {
    "ServerSideEncryption": frozenset({"aws:kms", "aws:kms:dsse"}),
    "Type": frozenset({"SecureString"}),
}

#: The modules of Python's library whose functions pass on what they are given, in another form.
_CARRYING = frozenset(
    {"ast", "base64", "binascii", "builtins", "collections", "configparser", "copy", "csv", "functools", "html", "io"}
    | {"itertools", "json", "operator", "os", "pprint", "re", "shlex", "string", "textwrap", "tomllib", "traceback"}
)


def keeps_secret(
    rule: Rule, steps: Sequence[Step], call: ast.Call | None, modules: Mapping[str, Module]
) -> Reason | None:
    """Why the flow exposes no secret, None where nothing speaks against it.

    A library that is given a secret uses it: to open a connection, to sign, to encrypt. What it returns need not hold
    the secret, so that a way through it shows nothing.
    """
    if rule.name == "StoredValue" and call is not None:
        module = modules[steps[-1].span.file]
        for name, values in _ENCRYPTING.items():
            given = argument(call, None, name)
            if isinstance(given, ast.Constant) and given.value in values:
                return Reason("it is stored encrypted, with a key of its own", span_of(module, given))
    return next(_uses(steps, modules), None)


def _uses(steps: Sequence[Step], modules: Mapping[str, Module]) -> Iterator[Reason]:
    """The calls of libraries on the way that are given the secret."""
    carried: set[str] = set()
    places = [step.span for step in steps]
    own = frozenset(name.partition(".")[0] for module in modules.values() for name in module.names)
    for number, step in enumerate(steps):
        module = modules.get(step.span.file)
        if module is None:
            continue
        ends = number in (0, len(steps) - 1)
        above = walk(module.tree).parents
        for node in walk(module.tree).nodes:
            match node:
                case ast.arguments():
                    carried.update(one.arg for one in (*node.posonlyargs, *node.args, *node.kwonlyargs))
                case ast.Assign(targets=targets):
                    carried.update(_names(targets) if _within(step.span, span_of(module, node)) else ())
                case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
                    carried.update(_names([target]) if _within(step.span, span_of(module, node)) else ())
                case ast.Call() if not isinstance(above.get(node), ast.Expr):  # what it returns is used
                    span = span_of(module, node)
                    if not _passes(span, step.span, steps[-1].span) or (ends and span == step.span):
                        continue
                    used = _library(node, module, own)
                    if used is not None and _is_given(node, carried, places[: number + 1], module):
                        yield Reason(f"`{used}` is given the secret, and what it returns need not hold it", span)


def _passes(call: Span, step: Span, sink: Span) -> bool:
    """Whether the secret passes a call at a step: within it, or by what is written there as one of its arguments."""
    return _within(call, step) or (_within(step, call) and not _within(sink, call) and not _within(call, sink))


def _names(targets: Sequence[ast.expr]) -> Iterator[str]:
    return (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))


def _is_given(call: ast.Call, carried: set[str], places: Sequence[Span], module: Module) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    inner = (node for value in given for node in ast.walk(value) if isinstance(node, ast.expr))
    return any((isinstance(node, ast.Name) and node.id in carried) or span_of(module, node) in places for node in inner)


def _library(call: ast.Call, module: Module, own: frozenset[str]) -> str | None:
    """The function of a library, or the method of one of its objects, that is called; None for all else.

    `own` are the names under which the application's own modules and packages are imported.
    """
    scopes = scopes_around(module, call)
    name = _foreign(call.func, scopes, own)
    if name is not None:
        return name
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    made, around = resolve(owner, scopes) if owner is not None else (None, scopes)
    if isinstance(made, ast.Call) and _foreign(made.func, around, own) is not None:
        return ast.unparse(call.func)
    return None


def _foreign(function: ast.expr, scopes: Sequence[NamespaceNode], own: frozenset[str]) -> str | None:
    """The dotted name of a function that does not pass on what it is given, None for one that does or is not known."""
    name = dotted(function, scopes)
    if name is None or name.startswith((".", "urllib.parse.")) or name.partition(".")[0] in _CARRYING | own:
        return None
    return name


def _within(inner: Span, outer: Span) -> bool:
    return (
        inner.file == outer.file
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )
