"""What a state of a state machine calls of AWS itself, without a function, as the call of boto3 that does the same.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import ast
import re
from typing import Final

from sls_lab.code.model import Argument, BotoCall
from sls_lab.services import build
from sls_lab.services.inputs import entry_of
from sls_lab.services.registry import SERVICES
from sls_lab.template.model import State
from sls_lab.template.shared.node import Node

_INTEGRATION: Final = re.compile(r":states:::(?:aws-sdk:)?(\w+):(\w+)")
#: What boto3 calls the services that Step Functions names otherwise.
_CLIENTS: Final = {"eventbridge": "events", "sfn": "stepfunctions", "states": "stepfunctions"}
#: The services whose parameters begin with a small letter in boto3.
_SMALL: Final = frozenset({"stepfunctions"})


def called_by(state: State) -> tuple[str, str] | None:
    """The client and the method of boto3 that a state without a function calls, None for all other states."""
    resource = state.settings.get("Resource")
    found = _INTEGRATION.search(str(resource.pattern)) if resource is not None and resource.pattern else None
    if state.type != "Task" or state.function is not None or found is None:
        return None
    client = _CLIENTS.get(found[1], found[1])
    return (client, re.sub(r"(?<!^)(?=[A-Z])", "_", found[2]).lower()) if client in SERVICES else None


def state_call(state: State, given: ast.expr) -> BotoCall | None:
    """The call that a state makes with the arguments `given`, None where it makes none."""
    called = called_by(state)
    written = state.settings.get("Parameters") or state.settings.get("Arguments")
    if called is None or written is None:
        return None
    client, api = called
    given = _with_strings(given)
    arguments: dict[str, Argument] = {}
    for key, node in written.mapping.items():
        name = key.removesuffix(".$")
        argument = _argument(name, entry_of(given, name), node, known=not key.endswith(".$"))
        named = name[:1].lower() + name[1:] if client in _SMALL else name
        arguments[named] = argument
    call = ast.Call(build.attribute(build.name(client), api), [], [])
    return BotoCall("", client, "client", api, arguments, call, state.span.file, state.span)


def _argument(name: str, value: ast.expr, node: Node, *, known: bool) -> Argument:
    """One argument, or a part of one; `known` says that it is written out and not a path."""
    pattern = node.pattern if known and node.pattern is not None else None
    if pattern is not None and not str(pattern).startswith("{%"):
        return Argument(name, value, (pattern,), node.span, node.because)
    inner = [(key, key.endswith(".$"), one) for key, one in node.mapping.items()]
    inner += [(str(number), False, one) for number, one in enumerate(node.items)]
    parts = []
    for key, is_path, one in inner:
        word = key.removesuffix(".$")
        part = entry_of(value, word) if node.mapping else _element(value, int(word))
        parts.append(_argument(word, part, one, known=not is_path))
    return Argument(name, value, (), node.span, node.because, tuple(parts))


#: The parameters that are strings: what is written there as an object is sent as its JSON.
_TEXTS: Final = frozenset({"MessageBody", "Message", "Detail", "Input", "Data", "Body", "Payload"})


def _with_strings(value: ast.expr) -> ast.expr:
    """What was built here, with the JSON of each object that is given where a string is wanted."""
    if hasattr(value, "lineno"):
        return value
    match value:
        case ast.Dict(keys=keys, values=values):
            pairs = list(zip(keys, map(_with_strings, values), strict=True))
            return ast.Dict(keys, [build.dumps(one) if _is_object(key, one) else one for key, one in pairs])
        case ast.List(elts=elements):
            return ast.List(list(map(_with_strings, elements)), ast.Load())
    return value


def _is_object(key: ast.expr | None, value: ast.expr) -> bool:
    return isinstance(value, ast.Dict) and isinstance(key, ast.Constant) and key.value in _TEXTS


def _element(value: ast.expr, number: int) -> ast.expr:
    if isinstance(value, ast.List) and number < len(value.elts):
        return value.elts[number]
    return build.item(value, number)
