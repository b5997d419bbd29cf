"""Give boto3 clients the types that a general-purpose analyser cannot infer.

`boto3.client("s3")` says what it makes; a parameter, or what a helper returns, does not. The types are those of the
public `mypy_boto3_*` stub packages (https://pypi.org/project/boto3-stubs/), as in the SANER 2024 prototype.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sls_lab.aws.stub_classes import stub_class
from sls_lab.code import BotoCall
from sls_lab.code.model import GivenObject
from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import walk
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.site import Gap, Site

#: Packages whose functions make objects of the types in their stubs.
_OF_BOTO3 = frozenset({"typing", "boto3", "botocore", "aioboto3", "aiobotocore", "aws_xray_sdk"})


def annotation_edits(context: FileContext, calls: Sequence[BotoCall]) -> list[Edit]:
    """The annotations for the receivers of the boto3 calls in the site's file; each variable at most once.

    A variable that holds clients of two kinds, or is annotated already, stays as it is.
    """
    wanted: dict[ast.AST, set[tuple[str, str]]] = {}
    example: dict[ast.AST, BotoCall] = {}
    for call in calls:
        stub = stub_class(call.service, call.receiver)
        if stub is None or not isinstance(call.node.func, ast.Attribute):
            continue
        for binding in _bindings(context.site, call.node.func.value):
            wanted.setdefault(binding, set()).add(stub)
            example.setdefault(binding, call)
    edits: list[Edit] = []
    for binding, stubs in wanted.items():
        if len(stubs) == 1:
            edits += _annotate(context, binding, next(iter(stubs)), example[binding])
    return edits


def cast_edits(context: FileContext, calls: Sequence[BotoCall]) -> Iterator[Edit]:
    """`cast(S3Client, client("s3")).put_object(…)` where a function of the application makes what is called on.

    It goes after all edits that begin at the same place, so that the cast stays within them.
    """
    site, imports = context.site, context.imports
    wanted: dict[ast.expr, dict[tuple[str, str], BotoCall]] = {}
    for call in calls:
        stub = stub_class(call.service, call.receiver)
        receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
        if stub is not None and isinstance(receiver, ast.Call) and _made_here(site, receiver.func):
            wanted.setdefault(receiver, {}).setdefault(stub, call)
    for receiver, stubs in wanted.items():
        if len(stubs) > 1:
            continue
        ((module, name), call), *_ = stubs.items()
        about = site.span(receiver)
        reason = Reason(f"`{call.api}` is called on it, as a {name} of {call.service}", call.span)
        bound = imports.bind(module, name, f"{name}Type", reason, about)
        cast = imports.bind("typing", "cast", "cast_type", reason, about)
        front, behind = site.points(receiver)
        made = synthesis.call(synthesis.name(cast), synthesis.name(bound), receiver)
        yield Edit("type-annotation", front, f"{cast}({bound}, ", about, (reason,), made)
        yield Edit("type-annotation", behind, ")", about, (reason,), made)


def _made_here(site: Site, function: ast.expr) -> bool:
    """Whether a function of the application is called, by its name, by its module's or by `self`."""
    while isinstance(function, ast.Attribute):
        function = function.value
    if not isinstance(function, ast.Name):
        return False
    name = function.id
    for node in walk(site.module.tree).nodes:
        match node:
            case ast.FunctionDef(name=defined) | ast.AsyncFunctionDef(name=defined) if defined == name:
                return True
            case ast.ImportFrom(module=module, names=names):
                if any((alias.asname or alias.name) == name for alias in names):
                    return (module or "").partition(".")[0] not in _OF_BOTO3
            case ast.Import(names=names):
                for alias in names:
                    if (alias.asname or alias.name.partition(".")[0]) == name:
                        return alias.name.partition(".")[0] not in _OF_BOTO3
    return name in ("self", "cls")


def object_edits(context: FileContext, objects: Sequence[GivenObject]) -> Iterator[Edit]:
    """The annotations for the parameters in the site's file that are given objects of known classes.

    Their methods are then found where a service object or a connection is handed to what uses it. A class that is not
    at the top of its module cannot be named from elsewhere.
    """
    site = context.site
    for given in objects:
        if not all(node in context.code.modules[file].tree.body for file, node in given.classes):
            continue
        about = site.span(given.parameter)
        reason = Reason("every call gives it such an object", about)
        names = [
            node.name
            if file == given.file
            else context.imports.bind(context.modules[file], node.name, f"{node.name}Type", reason, about)
            for file, node in given.classes
        ]
        for dotted in given.libraries:
            module, _, name = dotted.rpartition(".")
            names.append(context.imports.bind(module, name, f"{name}Type", reason, about))
        quoted = ast.Constant(" | ".join(names))  # in quotes, since a class may be defined further down
        _, behind = site.points(given.parameter)
        annotated = ast.arg(given.parameter.arg, quoted)
        yield Edit("type-annotation", behind, f": {ast.unparse(quoted)}", about, (reason,), annotated)


def _annotate(context: FileContext, binding: ast.AST, stub: tuple[str, str], call: BotoCall) -> Iterator[Edit]:
    site = context.site
    module, name = stub
    about = site.span(binding)
    reason = Reason(f"`{call.api}` is called on it, as a {name} of {call.service}", call.span)
    bound = context.imports.bind(module, name, f"{name}Type", reason, about)
    if isinstance(binding, ast.arg):
        _, behind = site.points(binding)
        annotated = ast.arg(binding.arg, synthesis.name(bound))
        yield Edit("type-annotation", behind, f": {bound}", about, (reason,), annotated)
    elif isinstance(binding, ast.Assign):
        target = binding.targets[0]
        _, behind = site.points(target)
        annotated_assign = synthesis.annotate(target, synthesis.name(bound), binding.value)
        yield Edit("type-annotation", behind, f": {bound}", about, (reason,), annotated_assign)
    elif isinstance(binding, ast.withitem) and isinstance(binding.optional_vars, ast.Name):
        # A `with` target takes no annotation: a bare one comes before the statement.
        statement = site.parents[binding]
        variable = binding.optional_vars.id
        if isinstance(statement, ast.stmt) and not _annotated_before(site, statement, variable):
            bare = ast.AnnAssign(ast.Name(variable, ast.Store()), synthesis.name(bound), None, 1)
            gap: Gap = site.gap_before(statement)
            yield context.insertion("type-annotation", gap, bare, about, (reason,))


def _annotated_before(site: Site, statement: ast.stmt, name: str) -> bool:
    """Whether the same suite has a bare annotation of `name`, as in a file that was rewritten before."""
    return any(
        isinstance(other, ast.AnnAssign) and isinstance(other.target, ast.Name) and other.target.id == name
        for other in site.suite(statement)
    )


def _bindings(site: Site, receiver: ast.expr) -> Iterator[ast.AST]:
    """The parameters and assignments that give `receiver` its value."""
    function = site.function(receiver)
    match receiver:
        case ast.Name(id=name):
            yield from _name_bindings(site, name, function)
        case ast.Attribute(value=ast.Name(id=owner), attr=attribute) if function is not None:
            around = next((node for node in site.ancestors(function) if isinstance(node, ast.ClassDef)), None)
            if around is None:
                return
            for node in ast.walk(around):
                match node:
                    case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=same), attr=attr)]):
                        if attr == attribute and same == owner:
                            yield node


def _name_bindings(site: Site, name: str, function: FunctionNode | None) -> Iterator[ast.AST]:
    scope: FunctionNode | None = function
    while scope is not None:
        arguments = scope.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if argument.arg == name:
                if argument.annotation is None:
                    yield argument
                return
        found = site.assignments(scope, name)
        if found:
            if not _declared_elsewhere(scope, name):
                yield from found
                return
            break
        scope = site.function(scope)
    yield from site.assignments(site.module.tree, name)


def _declared_elsewhere(scope: ast.AST, name: str) -> bool:
    """Whether the scope has `global name` or `nonlocal name`; an annotation there is a syntax error."""
    return any(isinstance(node, ast.Global | ast.Nonlocal) and name in node.names for node in ast.walk(scope))
