"""SAS-7, secrets that are written out: in the template, where its readers see them, or in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked
from sls_lab.python.module import Module
from sls_lab.python.positions import span_of
from sls_lab.template.model import Template
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.secret_values import is_written_secret

_DEFAULTING = ("os.environ.get", "os.getenv", "os.environ.setdefault")
_DEEPEST = 30


def written_secrets(app: Linked) -> Iterator[Advice]:
    """Variables and properties of the template, names, arguments, keys and defaults of the code. No value is shown."""
    template, code = app.template, app.code
    seen = set()
    for name, text, node in _in_template(template):
        if (
            is_written_secret(name, text)
            and node.span not in seen
            and any(text in file for file in template.texts.values())
        ):
            seen.add(node.span)
            message = (
                f"{name} is written in the template in plain text; keep it in Secrets Manager or SSM, and refer to it"
            )
            yield Advice("plain-secret", message, node.span)
    for module in code.modules.values():
        for name, value in _in_code(module):
            if (
                isinstance(value, ast.Constant)
                and isinstance(value.value, str)
                and is_written_secret(name, value.value)
            ):
                what = f"the value of `{name}`" if name else "a key"
                message = f"{what} is written in the code; keep it in Secrets Manager or SSM, and read it at run time"
                yield Advice("hard-coded-secret", message, span_of(module, value))


def _in_template(template: Template) -> Iterator[tuple[str, str, Node]]:
    for function in template.functions:
        for variable in function.environment.values():
            if variable.value.text is not None:
                yield variable.name, variable.value.text, Node(variable.value, variable.span)
    for resource in template.resources:
        yield from _texts("", resource.properties, _DEEPEST)


def _texts(name: str, node: Node, deeper: int) -> Iterator[tuple[str, str, Node]]:
    if node.text is not None:
        yield name, node.text, node
    elif deeper:
        for key, value in node.mapping.items():
            yield from _texts(key, value, deeper - 1)
        for item in node.items:
            yield from _texts(name, item, deeper - 1)


def _in_code(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """Each value with the name it is given; the name is empty for a string anywhere else."""
    named: set[int] = set()
    for node in ast.walk(module.tree):
        for name, value in _named(node):
            named.add(id(value))
            yield name, value
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and id(node) not in named:
            yield "", node


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            match target:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
                    yield name, value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.Call(args=arguments, keywords=keywords, func=function):
            for keyword in keywords:
                if keyword.arg is not None:
                    yield keyword.arg, keyword.value
            if ast.unparse(function) in _DEFAULTING and len(arguments) == 2 and isinstance(arguments[0], ast.Constant):
                yield str(arguments[0].value), arguments[1]


CHECK = Check(
    "written-secrets",
    "Secrets that are written out",
    7,
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    ("plain-secret", "hard-coded-secret"),
    written_secrets,
)
