"""Calls of boto3: what makes clients and resources, and the calls themselves."""

from __future__ import annotations

import ast

from sls_lab.aws.boto_classes import NARROWING, SILENT, identifiers, made_class, positional
from sls_lab.code.interpret.boto_objects import (
    Boto,
    BotoClient,
    BotoCollection,
    BotoHelper,
    BotoResource,
    BotoService,
    BotoSession,
    plain,
    receiver_name,
    service_of,
)
from sls_lab.code.interpret.boto_results import result_of
from sls_lab.code.interpret.call_log import Met
from sls_lab.code.interpret.describing import Describer
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import NONE, Arguments, Because, Bound, Method, SourceReason, Text, Value, unknown
from sls_lab.code.model import Argument
from sls_lab.facts import Reason
from sls_lab.python.positions import span_of

#: The functions that make sessions, and those that make clients and resources.
SESSIONS = frozenset(
    {
        "boto3.Session",
        "boto3.session.Session",
        "aioboto3.Session",
        "aioboto3.session.Session",
        "aiobotocore.session.get_session",
        "aiobotocore.session.AioSession",
        "aiobotocore.get_session",
        "botocore.session.get_session",
        "botocore.session.Session",
        "boto3._get_default_session",
    }
)
MAKERS = frozenset({"boto3.client", "boto3.resource", "aioboto3.client", "aioboto3.resource"})


#: Arguments by which a client or session acts as someone other than the function.
#: https://docs.aws.amazon.com/boto3/latest/guide/credentials.html
_CREDENTIALS = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "profile_name"})


def identity(arguments: Arguments, node: ast.Call | None, frame: Frame) -> Because:
    """Why what is made with these arguments acts as another role than the function's; empty where it does not."""
    for name, bound in arguments.keywords:
        if name in _CREDENTIALS and bound.value != NONE:
            span = span_of(frame.module, node) if node is not None else None
            return (Reason("it is made with credentials of its own", span, "identity"),)
    return ()


def make_boto(
    machine: Machine,
    method: str,
    arguments: Arguments,
    node: ast.Call | None,
    frame: Frame,
    session: Because = (),
) -> Value:
    """`client(service)` or `resource(service)` of boto3 or of a session, which may act as someone else."""
    made: list[Value] = []
    because: Because = (frame.trace("", node),) if node is not None else ()
    because = (*because, *(identity(arguments, node, frame) or session))
    for atom in arguments.get(0, "service_name") or unknown("service_name"):
        name = atom.pattern.text if isinstance(atom, Text) else None
        if name is None:
            made.append(unknown(machine.source(node, frame) if node is not None else f"boto3.{method}(…)", because))
        elif method == "resource":
            made.append((BotoService(name, because),))
        else:
            made.append((BotoClient(name, because),))
    return join(*made)


def call_boto(machine: Machine, function: Method, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
    """The result of a method of a boto3 object; what calls AWS is recorded."""
    receiver, name = function.receiver, function.name
    match receiver:
        case BotoSession() if name in ("client", "resource", "create_client"):
            method = "resource" if name == "resource" else "client"
            return make_boto(machine, method, arguments, node, frame, receiver.because)
        case BotoClient(service=service) if name in SILENT:
            if name in ("get_paginator", "get_waiter"):
                kind = "Paginator" if name == "get_paginator" else "Waiter"
                operation = plain(arguments.get(0, positional("client", name)[0]))
                return (BotoHelper(kind, service, (("operation_name", operation),), receiver.because),)
            return unknown(name)
        case BotoService() | BotoResource() if name[:1].isupper():
            return (_resource(receiver, name, arguments, node, frame),)
        case BotoResource(kind="Table") if name == "batch_writer":
            return (BotoHelper("BatchWriter", receiver.service, receiver.identifiers, receiver.because),)
        case BotoCollection() if name in NARROWING:
            if name in ("all", "filter"):
                _record(machine, receiver, name, arguments, node, frame)
            return (receiver,)
        case BotoHelper() if name not in ("paginate", "wait", "put_item", "delete_item"):
            return unknown(f"{receiver.kind}.{name}(…)")
        case BotoClient() | BotoService() | BotoResource() | BotoCollection() | BotoHelper():
            if name in ("load", "reload", "get_available_subresources"):
                return unknown(name)
            _record(machine, receiver, name, arguments, node, frame)
            label = machine.source(node, frame) if node is not None else f"{name}(…)"
            return result_of(machine, receiver, name, arguments, label)
    return unknown(f"session.{name}(…)")


def _resource(
    parent: BotoService | BotoResource,
    name: str,
    arguments: Arguments,
    node: ast.Call | None,
    frame: Frame,
) -> BotoResource:
    """`s3.Bucket(name)`, `bucket.Object(key)`: identifiers come from the parent first, then in order."""
    service = parent.service
    owner = parent.kind if isinstance(parent, BotoResource) else "ServiceResource"
    kind = made_class(service, owner, name)
    brought = dict(parent.identifiers) if isinstance(parent, BotoResource) else {}
    values: list[tuple[str, Value]] = []
    nodes: list[tuple[str, ast.expr]] = []
    index = 0
    for attribute, parameter in identifiers(service, kind):
        if parameter in brought:
            values.append((parameter, brought[parameter]))
            continue
        bound = _identifier(arguments, index, attribute)
        index += 1
        values.append((parameter, plain(bound.value) or unknown(attribute)))
        if bound.node is not None:
            nodes.append((parameter, bound.node))
    because = (frame.trace("", node), *parent.because) if node is not None else parent.because
    inherited = parent if isinstance(parent, BotoResource) else None
    return BotoResource(service, kind, tuple(values), because, node, tuple(nodes), inherited)


def _identifier(arguments: Arguments, index: int, attribute: str) -> Bound:
    if index < len(arguments.positional):
        return arguments.positional[index]
    for name, bound in arguments.keywords:
        if name == attribute:
            return bound
    return arguments.open_positional or arguments.open_keywords or Bound(())


def _record(
    machine: Machine, receiver: Boto, name: str, arguments: Arguments, node: ast.Call | None, frame: Frame
) -> None:
    if node is None or isinstance(receiver, BotoSession):
        return
    span = span_of(frame.module, node)
    describer = Describer(machine, span)
    found: dict[str, Argument] = {}
    kind = receiver_name(receiver)

    def add(parameter: str, bound: Bound) -> None:
        place = span_of(frame.module, bound.node) if bound.node is not None else None
        found[parameter] = describer.argument(parameter, bound, place)

    for parameter, bound in _brought(receiver, node):
        add(parameter, bound)
    names = positional(kind, name)
    for index, bound in enumerate(arguments.positional):
        add(names[index] if index < len(names) else str(index), bound)
    for parameter, bound in arguments.keywords:
        add(parameter, bound)
    if arguments.open_positional is not None:
        add("*", arguments.open_positional)
    if arguments.open_keywords is not None:
        add("**", arguments.open_keywords)
    because: tuple[SourceReason, ...] = frame.calls
    made = receiver.parent if isinstance(receiver, BotoCollection) else receiver
    reasons = machine.recorder.reasons((*because, *getattr(made, "because", ())))
    service = service_of(receiver)
    calls = tuple(trace.node for trace in frame.calls)
    machine.recorder.met.append(Met(service, kind, name, node, frame.module, tuple(found.values()), reasons, calls))


def _brought(receiver: Boto, node: ast.Call) -> list[tuple[str, Bound]]:
    """What the receiver brings: its identifiers, each with an expression at the call where there is one."""
    owner: Boto | BotoService | BotoResource = receiver
    if isinstance(receiver, BotoCollection):
        owner = receiver.parent
    if isinstance(owner, BotoHelper):
        return [(parameter, Bound(value)) for parameter, value in owner.identifiers]
    if not isinstance(owner, BotoResource):
        return []
    expression = node.func.value if isinstance(node.func, ast.Attribute) else None
    if isinstance(receiver, BotoCollection):
        expression = _behind(expression)
    return [
        (parameter, Bound(value, identifier_node(owner, parameter, expression)))
        for parameter, value in owner.identifiers
    ]


def identifier_node(resource: BotoResource, parameter: str, expression: ast.expr | None) -> ast.expr | None:
    """The expression of a resource's identifier, where `expression` is the resource: as written in its making within
    the same expression, else its attribute (`table.name`).
    """
    while isinstance(expression, ast.Await):
        expression = expression.value
    if expression is None:
        return None
    if resource.site is not None and expression is resource.site:
        written = dict(resource.nodes).get(parameter)
        if written is not None:
            return written
        if resource.parent is not None and isinstance(resource.site.func, ast.Attribute):
            return identifier_node(resource.parent, parameter, resource.site.func.value)
    for attribute, name in identifiers(resource.service, resource.kind):
        if name == parameter:
            return ast.Attribute(value=expression, attr=attribute, ctx=ast.Load())
    return None


def _behind(expression: ast.expr | None) -> ast.expr | None:
    """The resource in `bucket.objects.filter(…)`."""
    while isinstance(expression, ast.Call) and isinstance(expression.func, ast.Attribute):
        if expression.func.attr not in NARROWING:
            return None
        expression = expression.func.value
    return expression.value if isinstance(expression, ast.Attribute) else None
