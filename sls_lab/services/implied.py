"""What else a function may need permissions for than its own boto3 calls: what they imply, libraries, and programs.

An advice to take a permission away must not break the function. Where any of these may use a service, nothing is said
of that service.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sls_lab.aws.registry import facts_of
from sls_lab.code.model import BotoCall
from sls_lab.python.module import FunctionNode, Module, ScopeNode
from sls_lab.python.strings import Strings
from sls_lab.services.call_values import View

#: Every service, where it is not known which.
ANY = "*"
#: Libraries that make calls of their own with the function's role, by the first words of their imports.
_LIBRARIES: dict[str, tuple[str, ...]] = {
    "aws_lambda_powertools.utilities.data_masking": ("kms",),
    "aws_lambda_powertools.utilities.feature_flags": ("appconfig",),
    "aws_lambda_powertools.utilities.idempotency": ("dynamodb",),
    "aws_lambda_powertools.utilities.parameters": ("ssm", "secretsmanager", "appconfig", "dynamodb"),
    "aws_requests_auth": (ANY,),
    "aws_secretsmanager_caching": ("secretsmanager",),
    "awswrangler": (ANY,),
    "boto": (ANY,),
    "botocore": (ANY,),
    "celery": ("sqs",),
    "dask": ("s3",),
    "dynamorm": ("dynamodb",),
    "elasticsearch": ("es",),
    "kombu": ("sqs",),
    "opensearchpy": ("es", "aoss"),
    "pandas": ("s3",),
    "polars": ("s3",),
    "pyarrow": ("s3",),
    "pynamodb": ("dynamodb",),
    "pyathena": ("athena", "s3", "glue"),
    "requests_auth_aws_sigv4": (ANY,),
    "requests_aws4auth": (ANY,),
    "s3fs": ("s3",),
    "s3path": ("s3",),
    "s3transfer": ("s3",),
    "sagemaker": (ANY,),
    "smart_open": ("s3",),
    "storages": ("s3",),
    "urllib3_aws4auth": (ANY,),
}
#: Parts of botocore that make no calls.
_HARMLESS = ("botocore.exceptions", "botocore.config", "botocore.client.Config")
_PROCESSES = frozenset({"Popen", "call", "check_call", "check_output", "getoutput", "getstatusoutput", "popen", "run"})
_STARTING = frozenset({"os", "subprocess", "pty", "asyncio", "sh", "sp"})
_PROGRAM = re.compile(r"(?:^|[\s;&|(/])aws\s+(?:-\S+\s+)*([a-z][a-z0-9-]+)")
#: A service that is not written out, a script, or a shell that is given one.
_UNCLEAR = re.compile(r"(?:^|[\s;&|(/])aws\s*(?:\0|$)|\.(?:sh|py)\b|(?:^|\s)(?:ba)?sh\s+-c\s+\0")
_NAMES = {"s3api": "s3", "dynamodb": "dynamodb", "stepfunctions": "states", "ddb": "dynamodb"}


def implied_by(call: BotoCall) -> tuple[str, ...]:
    """The services of which a call may need other permissions than its own; `ANY` for all."""
    return facts_of(call.service).implies


def used_by(module: Module) -> Iterator[str]:
    """The services that a file may use other than by boto3 calls: by libraries, or by programs that it starts."""
    pending: list[tuple[ast.AST, ScopeNode]] = [(module.tree, module.tree)]
    while pending:
        node, scope = pending.pop()
        inner = node if isinstance(node, FunctionNode) else scope
        pending.extend((child, inner) for child in ast.iter_child_nodes(node))
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield from _of_library(alias.name)
            case ast.ImportFrom(module=str() as name, level=0, names=names):
                for alias in names:
                    yield from _of_library(f"{name}.{alias.name}")
            case ast.Call() if _starts_a_program(node):
                yield from _of_program(node, View(scope, module.tree))


def _of_library(name: str) -> Iterator[str]:
    if name.startswith(_HARMLESS) or name in ("botocore", "botocore.client"):
        return
    for library, services in _LIBRARIES.items():
        if name == library or name.startswith(library + "."):
            yield from services


def _starts_a_program(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            starts = name in _PROCESSES or name == "system" or name.startswith(("exec", "spawn", "create_subprocess"))
            return starts and owner in _STARTING
        case ast.Name(id=name):
            return name in _PROCESSES | {"system"} and name not in ("call", "run")
    return False


def _of_program(call: ast.Call, view: View) -> Iterator[str]:
    """The service of `aws s3 cp …`; any, where the program is not written out."""
    first = call.args[0] if call.args else next((word.value for word in call.keywords if word.arg == "args"), None)
    first = view.resolve(first) if first is not None else None
    if isinstance(first, ast.List | ast.Tuple):
        words = [_text(element, view) for element in first.elts]
    else:
        words = [_text(first, view)] if first is not None else [None]
    program = words[0]
    if program is None or not program.strip():
        yield ANY
        return
    text = " ".join(word if word is not None else "\0" for word in words)
    for found in _PROGRAM.findall(text):
        yield _NAMES.get(found, found)
    if _UNCLEAR.search(text):
        yield ANY


def _text(node: ast.expr, view: View) -> str | None:
    """The string that an expression is as far as it is written out, from its beginning; None where that is not.

    What is not written out is a null character in it.
    """
    pieces = Strings().pieces(node, view.scopes)
    if pieces and pieces[0].text is None:
        return None
    return "".join(piece.text if piece.text is not None else "\0" for piece in pieces)
