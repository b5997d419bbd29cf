"""Step 2, read the code: which calls raise an event, on which resource, and what travels in it."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from mini.template import UNKNOWN, Function


@dataclass(frozen=True)
class Service:
    """A service that wakes functions: which call raises its event, and which event object it delivers."""

    name: str
    method: str
    resource: str  # the argument that names the resource; empty where the client knows it already, as a table does
    data: str  # the argument that travels
    event: str  # Python code, in which DATA is what travels


SERVICES = (
    Service("s3", "put_object", "Bucket", "Key", "{'Records': [{'s3': {'object': {'key': DATA}}}]}"),
    Service("sqs", "send_message", "QueueUrl", "MessageBody", "{'Records': [{'body': DATA}]}"),
    Service(
        "dynamodb", "put_item", "", "Item", "{'Records': [{'eventName': 'INSERT', 'dynamodb': {'NewImage': DATA}}]}"
    ),
)


@dataclass(frozen=True)
class Call:
    """A call that raises an event. `key` is the string that travels, as far as it is known."""

    function: str
    service: Service
    resource: str
    key: str
    node: ast.Call
    data: ast.expr


def read_code(function: Function, text: str) -> list[Call]:
    """The calls that raise an event in the file of a function."""
    tree = ast.parse(text)
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    names = {target.id: node.value for node in assigned for target in node.targets if isinstance(target, ast.Name)}
    found = [read_call(node, names, function) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if call]


def read_call(node: ast.Call, names: Mapping[str, ast.expr], function: Function) -> Call | None:
    """The call that raises an event, if a node is one: it is recognised by its method and the argument that travels."""
    receiver, _, method = ast.unparse(node.func).rpartition(".")
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    for service in SERVICES:
        if service.method == method and service.data in given:
            resource = string(given.get(service.resource, names.get(receiver)), names, function)
            key = string(given[service.data], names, function)
            return Call(function.name, service, resource, key, node, given[service.data])
    return None


def string(node: ast.expr | None, names: Mapping[str, ast.expr], function: Function) -> str:
    """The string that an expression is, with UNKNOWN for what only a run can tell. A table becomes its name."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name) if name in names:
            return string(names[name], {other: names[other] for other in names if other != name}, function)
        case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))):
            return function.environment.get(name, UNKNOWN)
        case ast.JoinedStr(values=parts):
            return "".join(string(part, names, function) for part in parts)
        case ast.FormattedValue(value=inner) | ast.Call(func=ast.Attribute(attr="Table"), args=[inner]):
            return string(inner, names, function)
    return UNKNOWN
