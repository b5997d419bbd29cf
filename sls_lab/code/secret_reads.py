"""Where the code reads secrets: from stores of secrets by calls of AWS, and from the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from sls_lab.aws.registry import facts_of
from sls_lab.code.model import BotoCall, SecretRead
from sls_lab.facts import Reason, Span
from sls_lab.python.bindings import bindings
from sls_lab.python.imported import Modules
from sls_lab.python.module import Module
from sls_lab.python.names import dotted
from sls_lab.python.positions import enclosing_function, span_of
from sls_lab.python.scopes import owner, scopes_around
from sls_lab.python.strings import Strings
from sls_lab.python.walking import walk
from sls_lab.template.model import Function
from sls_lab.template.shared.secret_values import secret_reason

VARIABLE = "SecretVariable"
_READING = frozenset({"os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault"})
#: Functions of libraries that fetch a secret, and the argument that must be true for it.
#: https://docs.powertools.aws.dev/lambda/python/latest/utilities/parameters/,
#: https://github.com/aws/aws-secretsmanager-caching-python
_POWERTOOLS = "aws_lambda_powertools.utilities.parameters"
_LIBRARIES: Mapping[str, tuple[str, str]] = {
    f"{_POWERTOOLS}.get_secret": ("SecretValue", ""),
    f"{_POWERTOOLS}.get_parameter": ("SecureParameter", "decrypt"),
    f"{_POWERTOOLS}.get_parameters": ("SecureParameter", "decrypt"),
    f"{_POWERTOOLS}.get_parameters_by_name": ("SecureParameter", "decrypt"),
}


def secret_reads(
    functions: Iterable[Function],
    calls: Iterable[BotoCall],
    modules: Mapping[str, Module],
    reached: Mapping[str, tuple[str, ...]],
) -> tuple[SecretRead, ...]:
    """Every place in `modules` that gives a secret to a function of the template, each once.

    `reached` are the files that each function reaches: a variable is a secret where it is one for a function that reads
    it. A use of a module's constant that holds a secret is such a place, too.
    """
    found: dict[Span, SecretRead] = {}
    for read in (*_from_calls(calls), *_from_libraries(modules), *_from_environment(functions, modules, reached)):
        found.setdefault(read.span, read)
    for read in list(_from_constants(modules, found)):
        found.setdefault(read.span, read)
    return tuple(found.values())


def _from_calls(calls: Iterable[BotoCall]) -> Iterator[SecretRead]:
    for call in calls:
        for secret in facts_of(call.service).secrets:
            given = call.arguments.get(secret.when)
            if call.api in secret.methods and (not secret.when or (given is not None and _may_be_true(given.node))):
                why = Reason(f"{call.service}.{call.api} returns a secret", call.span, "secret")
                yield SecretRead(secret.kind, call.span, (why,))


def _may_be_true(node: ast.expr | None) -> bool:
    return not isinstance(node, ast.Constant) or bool(node.value)


def _from_libraries(modules: Mapping[str, Module]) -> Iterator[SecretRead]:
    for module in modules.values():
        if _POWERTOOLS.split(".")[0] not in module.text:
            continue
        for node in walk(module.tree).nodes:
            if isinstance(node, ast.Call):
                name = dotted(node.func, scopes_around(module, node)) or ""
                kind, when = _LIBRARIES.get(name, ("", ""))
                given = next((keyword.value for keyword in node.keywords if keyword.arg == when), None)
                if kind and (not when or (given is not None and _may_be_true(given))):
                    why = Reason(f"{name} returns a secret", span_of(module, node), "secret")
                    yield SecretRead(kind, span_of(module, node), (why,))


def _from_environment(
    functions: Iterable[Function], modules: Mapping[str, Module], reached: Mapping[str, tuple[str, ...]]
) -> Iterator[SecretRead]:
    secret: dict[str, dict[str, Reason]] = {}
    for function in functions:
        reasons = {name: secret_reason(variable) for name, variable in function.environment.items()}
        known = {name: reason for name, reason in reasons.items() if reason is not None}
        for file in reached.get(function.name, ()) if known else ():
            secret[file] = {**known, **secret.get(file, {})}
    strings = Strings(modules)
    for module in (modules[file] for file in secret if file in modules):
        for node, key in _environment_reads(module):
            reason = secret[module.file].get(strings.text(key, scopes_around(module, node), module) or "")
            if reason is not None:
                yield SecretRead(VARIABLE, span_of(module, node), (reason,))


def _from_constants(modules: Mapping[str, Module], found: Mapping[Span, SecretRead]) -> Iterator[SecretRead]:
    """The uses of constants of modules whose value is, or is made of, what is in `found`."""
    constants: dict[tuple[str, str], SecretRead] = {}
    for module in (modules[file] for file in {span.file: None for span in found} if file in modules):
        constants |= {(module.file, name): read for name, read in _holding(module, found).items()}
    finder = Modules(modules)
    for module in modules.values() if constants else ():
        for node in walk(module.tree).nodes:
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                read = constants.get(_constant(node, module, finder) or ("", ""))
                if read is not None and enclosing_function(module, node) is not None:
                    yield SecretRead(read.kind, span_of(module, node), read.because)


def _holding(module: Module, found: Mapping[Span, SecretRead]) -> Mapping[str, SecretRead]:
    """The constants of a module that hold a secret, also by way of each other, with the read that gives it."""
    known = bindings(module.tree)
    values = {name: value for name in known.local if (value := known.constant(name)) is not None}
    holding: dict[str, SecretRead] = {}
    before = -1
    while len(holding) > before:
        before = len(holding)
        for name, value in values.items():
            inside = [node for node in ast.walk(value) if isinstance(node, ast.expr)] if name not in holding else []
            reads = (
                holding.get(node.id) if isinstance(node, ast.Name) else found.get(span_of(module, node))
                for node in inside
            )
            read = next((one for one in reads if one is not None), None)
            if read is not None:
                holding[name] = read
    return holding


def _constant(node: ast.Name | ast.Attribute, module: Module, finder: Modules) -> tuple[str, str] | None:
    """The file and the name of the module's variable that an expression means, None where it means something else."""
    scopes = scopes_around(module, node)
    if isinstance(node, ast.Name) and owner(node.id, scopes) is module.tree and node.id not in _imported(module):
        return module.file, node.id
    name = dotted(node, scopes)
    if name is None:
        return None
    level = len(name) - len(name.lstrip("."))
    above, _, word = name[level:].rpartition(".")
    target = finder.find(module, above, level) if above else None
    return (target.file, word) if target is not None else None


def _imported(module: Module) -> frozenset[str]:
    return frozenset(
        (alias.asname or alias.name).partition(".")[0]
        for node in module.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def _environment_reads(module: Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The expressions that read a variable of the environment, each with the one that names it."""
    for node in walk(module.tree).nodes:
        match node:
            case ast.Subscript(value=place, slice=key, ctx=ast.Load()):
                if dotted(place, scopes_around(module, node)) == "os.environ":
                    yield node, key
            case ast.Call(func=function, args=[key, *_]):
                if dotted(function, scopes_around(module, node)) in _READING:
                    yield node, key
