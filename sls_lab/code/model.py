"""What the code says: modules, handlers, and the boto3 calls that each handler can reach."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from asttokens import ASTText

from sls_lab.facts import Diagnostic, Pattern, Reason, Span


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed Python file. `names` are the dotted names under which the application's files import it."""

    file: str
    text: str
    tree: ast.Module
    tokens: ASTText
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handler:
    """A template's function found in the code. `definition` is its `def`, `file` where that stands.

    `event` is the name of the parameter that receives the event object, None where there is none (`*args`).
    """

    name: str
    file: str
    attribute: str
    definition: ast.FunctionDef | ast.AsyncFunctionDef
    event: str | None
    span: Span
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a boto3 call.

    `node` is the expression as written (for a receiver such as `Bucket("photos")` that of the name), None where the
    value came from `**kwargs` or from elsewhere and no expression at the call stands for it. `values` are the string
    patterns it may have (empty where it is not a string); several are alternatives.
    """

    name: str
    node: ast.expr | None
    values: tuple[Pattern, ...]
    span: Span
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class BotoCall:
    """One boto3 call as one handler can reach it.

    `service` is the client's name (`s3`), `receiver` what the method is called on: `client`, or the resource's class
    (`ServiceResource`, `Bucket`, `Object`, `Table`, `Queue`, `Topic`, `BatchWriter`, …) or `Paginator`. `api` is the
    method as written. `arguments` are by parameter name, positional ones named from the method's signature, and
    include what the receiver brings (`bucket_name` and `key` of an `Object` come as `Bucket` and `Key`).
    """

    handler: str
    service: str
    receiver: str
    api: str
    arguments: Mapping[str, Argument]
    node: ast.Call
    file: str
    span: Span
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """All Python of one application that its handlers can reach.

    `unseen` gives, for each function of the template that was not found or not understood, the diagnostic that says
    why. `reached` gives the files each handler reaches through imports.
    """

    modules: Mapping[str, Module]
    handlers: Mapping[str, Handler]
    calls: tuple[BotoCall, ...]
    unseen: Mapping[str, Diagnostic]
    reached: Mapping[str, tuple[str, ...]]
    diagnostics: tuple[Diagnostic, ...]
