"""What boto3 calls leave in a store of AWS, and what calls find there.

No event leads from the one to the other: an item, an object, a parameter, a secret or a message stays in its store
until it is asked for. Sources: the requests and responses of each operation in
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html,
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html,
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html and
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sls_lab.aws.arn import arn_name
from sls_lab.code.model import Argument, BotoCall
from sls_lab.facts import Pattern
from sls_lab.services.partiql import parse_statement
from sls_lab.services.stored_objects import described_by, descriptions_found_by, uploads_by
from sls_lab.services.stores import (
    Found,
    Left,
    StoredEntry,
    StoreKind,
    ValuePath,
    attributes_left,
    fixed_attributes,
    named_by,
    object_keys,
)
from sls_lab.services.updates import NotAnUpdate, parse_update

#: Which argument of which call is left where; of files it is the path.
_LEAVING: Final[Mapping[tuple[str, str], tuple[StoreKind, str]]] = {
    ("dynamodb", "put_item"): ("table", "Item"),
    ("s3", "put_object"): ("bucket", "Body"),
    ("s3", "put"): ("bucket", "Body"),
    ("s3", "upload_fileobj"): ("bucket", "Fileobj"),
    ("s3", "upload_file"): ("bucket", "Filename"),
    ("ssm", "put_parameter"): ("parameter", "Value"),
    ("secretsmanager", "create_secret"): ("secret", "SecretString"),
    ("secretsmanager", "put_secret_value"): ("secret", "SecretString"),
    ("secretsmanager", "update_secret"): ("secret", "SecretString"),
    ("sqs", "send_message"): ("queue", "MessageBody"),
}
#: Where in the result of which call is what was left.
_FINDING: Final[Mapping[tuple[str, str], tuple[StoreKind, ValuePath]]] = {
    ("dynamodb", "get_item"): ("table", ("Item",)),
    ("dynamodb", "query"): ("table", ("Items", 0)),
    ("dynamodb", "scan"): ("table", ("Items", 0)),
    ("s3", "get_object"): ("bucket", ("Body",)),
    ("s3", "get"): ("bucket", ("Body",)),
    ("ssm", "get_parameter"): ("parameter", ("Parameter", "Value")),
    ("ssm", "get_parameters"): ("parameter", ("Parameters", 0, "Value")),
    ("ssm", "get_parameters_by_path"): ("parameter", ("Parameters", 0, "Value")),
    ("secretsmanager", "get_secret_value"): ("secret", ("SecretString",)),
    ("sqs", "receive_message"): ("queue", ("Messages", 0, "Body")),
    ("sqs", "receive_messages"): ("queue", (0,)),
}
#: Calls that hand over several statements of PartiQL, and the argument that has them.
_STATEMENTS: Final[Mapping[str, str]] = {
    "batch_execute_statement": "Statements",
    "execute_transaction": "TransactStatements",
}
#: Calls that change an item, and the values of `ReturnValues` for which they give all of it.
#: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
_CHANGING = frozenset(("dynamodb", name) for name in ("put_item", "update_item", "delete_item"))
_WHOLE = frozenset({"ALL_NEW", "ALL_OLD"})
_DOWNLOADS = frozenset({"download_file", "download_fileobj"})
_SELECT = re.compile(r"""SELECT\s.+\sFROM\s+"?([\w.-]+)"?""", re.IGNORECASE | re.DOTALL)


def left_by(call: BotoCall) -> Iterator[Left]:
    """What a call leaves in a store; what is written out in the code is not a user's data."""
    return (left for left in _left(call) if not isinstance(left.content, ast.Constant) or left.how != "value")


def _left(call: BotoCall) -> Iterator[Left]:
    match call.service, call.api:
        case "dynamodb", "update_item":
            yield from _updated(call.arguments, named_by("table", call))
        case "dynamodb", "batch_write_item":
            for request in _requests(call):
                for one in request.parts:
                    put = one.part("PutRequest")
                    item = put.part("Item") if put is not None else None
                    yield from _item(_tables(request), item) if item is not None else ()
        case "dynamodb", "transact_write_items":
            yield from _transaction(call)
        case "dynamodb", "execute_statement":
            yield from _statement(call.arguments)
        case "s3", "generate_presigned_post" | "generate_presigned_url":
            yield from uploads_by(call)
        case "dynamodb", api if api in _STATEMENTS:
            for one in _several(call, _STATEMENTS[api]):
                yield from _statement({part.name: part for part in one.parts})
        case "dynamodb", "put_item" if "Item" in call.arguments:
            yield from _item(named_by("table", call), call.arguments["Item"])
        case service_api if service_api in _LEAVING:
            kind, name = _LEAVING[service_api]
            argument = call.arguments.get(name)
            if argument is not None and argument.node is not None:
                entry = StoredEntry(kind, named_by(kind, call), object_keys(kind, call))
                yield Left(entry, argument.node, argument.node, how="path" if name == "Filename" else "value")
            yield from described_by(call)
        case "s3", _:
            yield from described_by(call)


def found_by(call: BotoCall) -> Iterator[Found]:
    """What a call finds in a store."""
    api: tuple[str, str] = call.service, call.api
    pages: ValuePath = ()
    if call.receiver == "Paginator" and "operation_name" in call.arguments:
        api = call.service, call.arguments["operation_name"].values[0].text or ""
        pages = (0,)
    if api == ("dynamodb", "batch_get_item"):
        for request in _requests(call):
            names = _tables(request)
            yield Found(StoredEntry("table", names), tuple(("Responses", name.text, 0) for name in names))
    elif api == ("dynamodb", "execute_statement"):
        table = _selected_from(call.arguments)
        if table is not None:
            yield Found(StoredEntry("table", (table,)), (("Items", 0),))
    elif api[0] == "dynamodb" and api[1] in _STATEMENTS:
        for number, one in enumerate(_several(call, _STATEMENTS[api[1]])):
            table = _selected_from({part.name: part for part in one.parts})
            if table is not None:
                yield Found(StoredEntry("table", (table,)), (("Responses", number, "Item"),))
    elif api == ("dynamodb", "transact_get_items"):
        for number, operation in enumerate(_several(call, "TransactItems")):
            for request in operation.parts:
                key = fixed_attributes(request.part("Key"))
                yield Found(StoredEntry("table", _tables_of(request), (), key), (("Responses", number, "Item"),))
    elif api in _CHANGING:
        if "ReturnValues" in call.arguments and any(
            one.text in _WHOLE for one in call.arguments["ReturnValues"].values
        ):
            key = fixed_attributes(call.arguments.get("Key"))
            yield Found(StoredEntry("table", named_by("table", call), (), key), (("Attributes",),))
    elif api in _FINDING:
        kind, path = _FINDING[api]
        yield Found(
            StoredEntry(
                kind,
                _searched(api[1], kind, call),
                object_keys(kind, call),
                fixed_attributes(call.arguments.get("Key")),
            ),
            ((*pages, *path),),
        )
    if api[0] == "s3":
        yield from descriptions_found_by(call)
    if call.service == "s3" and call.api in _DOWNLOADS:
        into = call.arguments.get("Filename")
        if into is not None and into.node is not None:
            yield Found(StoredEntry("bucket", named_by("bucket", call), object_keys("bucket", call)), (), into.node)


def _searched(api: str, kind: StoreKind, call: BotoCall) -> tuple[Pattern, ...]:
    """The names of what is read: one, several, or all below a path."""
    if api == "get_parameters" and "Names" in call.arguments:
        return tuple(value for part in call.arguments["Names"].parts for value in part.values)
    if api == "get_parameters_by_path" and "Path" in call.arguments:
        return tuple(value + Pattern.any("below the path") for value in call.arguments["Path"].values)
    return named_by(kind, call)


def _item(tables: tuple[Pattern, ...], item: Argument) -> Iterator[Left]:
    """An item, attribute by attribute where these are known."""
    return attributes_left(StoredEntry("table", tables, fixed=fixed_attributes(item)), item)


def _updated(arguments: Mapping[str, Argument], tables: tuple[Pattern, ...]) -> Iterator[Left]:
    """What an update expression writes."""
    expression, values = arguments.get("UpdateExpression"), arguments.get("ExpressionAttributeValues")
    if values is None or values.node is None:
        return
    entry = StoredEntry("table", tables, fixed=fixed_attributes(arguments.get("Key")))
    names = arguments.get("ExpressionAttributeNames")
    known = {part.name: part.values[0].text or "" for part in names.parts if part.values} if names else {}
    attributes: dict[str, str] = {}
    for text in (value.text for value in expression.values) if expression is not None else ():
        try:
            for one in parse_update(text or "", known):
                attributes |= dict.fromkeys(one.values, str(one.path[0]))
        except NotAnUpdate:
            continue
    if not values.parts:
        yield Left(entry, values.node, values.node)
    for part in values.parts:
        if part.node is not None and (part.name in attributes or not attributes):
            yield Left(entry, values.node, part.node, attributes.get(part.name, ""))


def _requests(call: BotoCall) -> Sequence[Argument]:
    return _several(call, "RequestItems")


def _several(call: BotoCall, name: str) -> Sequence[Argument]:
    argument = call.arguments.get(name)
    return argument.parts if argument is not None else ()


def _tables(request: Argument) -> tuple[Pattern, ...]:
    return tuple(arn_name("dynamodb", key) for key in request.keys)


def _tables_of(request: Argument) -> tuple[Pattern, ...]:
    table = request.part("TableName")
    return tuple(arn_name("dynamodb", value) for value in table.values) if table is not None else ()


def _transaction(call: BotoCall) -> Iterator[Left]:
    for operation in _several(call, "TransactItems"):
        for request in operation.parts:
            inner = {part.name: part for part in request.parts}
            tables = _tables_of(request)
            if request.name == "Put" and "Item" in inner:
                yield from _item(tables, inner["Item"])
            elif request.name == "Update":
                yield from _updated(inner, tables)


def _statement(arguments: Mapping[str, Argument]) -> Iterator[Left]:
    """What an INSERT or UPDATE of PartiQL writes by its parameters."""
    statement, parameters = arguments.get("Statement"), arguments.get("Parameters")
    if statement is None or parameters is None or parameters.node is None:
        return
    for value in statement.values:
        written = parse_statement(value.text or "")
        if written is None or written.kind == "delete":
            continue
        entry = StoredEntry("table", (Pattern.of(written.table),))
        for part in parameters.parts:
            if part.node is not None and part.name.isdigit() and int(part.name) < len(written.places):
                yield Left(entry, parameters.node, part.node, written.places[int(part.name)])
        if not parameters.parts:
            yield Left(entry, parameters.node, parameters.node)


def _selected_from(arguments: Mapping[str, Argument]) -> Pattern | None:
    """The table that a statement of PartiQL reads."""
    statement = arguments.get("Statement")
    for value in statement.values if statement is not None else ():
        found = _SELECT.match((value.text or "").strip())
        if found is not None:
            return Pattern.of(found[1])
    return None
