"""Amazon DynamoDB: items written wake functions by the table's stream.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from sls_lab.aws.arn import arn_name, resource_arn
from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.filters import filter_patterns
from sls_lab.services.marshal import item_attributes, marshalled
from sls_lab.services.model import NO_FACTS, Element, Passage, Payload, Raised
from sls_lab.services.partiql import CALLS, attributes_of, statements_of
from sls_lab.services.service import HandedOn, Service, piped
from sls_lab.services.updates import NotAnUpdate, parse_update, typed_at
from sls_lab.template.shared.trigger_settings import Settings, first

SERVICE = "dynamodb"
_WRITTEN = ("INSERT", "MODIFY")
# The event names and, in transactions and batches, the action of each operation.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
_ACTIONS: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        "put_item": (_WRITTEN, "dynamodb:PutItem"),
        "update_item": (_WRITTEN, "dynamodb:UpdateItem"),
        "delete_item": (("REMOVE",), "dynamodb:DeleteItem"),
    }
)
_READING = {"scan": "dynamodb:Scan", "query": "dynamodb:Query", "get_item": "dynamodb:GetItem"}
_REQUESTS = {"PutRequest": "put_item", "DeleteRequest": "delete_item"}
_TRANSACTIONS = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}
#: The argument that has what a call writes or removes.
_SENT = {"put_item": "Item", "update_item": "ExpressionAttributeValues", "delete_item": "Key"}
_TABLE = ("TableName", "table_name", "name")


def _batch(call: BotoCall, view: View) -> list[Raised]:
    requests = arguments.several(call, view, "RequestItems")
    if requests is None:
        return [_unknown(call, "dynamodb:BatchWriteItem", _WRITTEN, "RequestItems")]
    found = []
    for table, listed in _tables(requests, view):
        for element in view.elements(listed, "request"):
            known = view.members(element.node)
            kinds = [member.key for member in known if member.key in _REQUESTS] if known else []
            names = _ACTIONS[_REQUESTS[kinds[0]]][0] if kinds else _WRITTEN
            found.append(_written(call, table, "dynamodb:BatchWriteItem", names, element))
    return found


def _tables(requests: ast.expr, view: View) -> list[tuple[tuple[Pattern, ...], ast.expr]]:
    shape = view.resolve(requests)
    if isinstance(shape, ast.Dict) and all(shape.keys):
        pairs = zip(shape.keys, shape.values, strict=True)
        return [(_table_names(key, value, view), value) for key, value in pairs if key is not None]
    any_of_them = build.item(build.call(build.name("list"), build.method(requests, "values")), 0)
    return [((Pattern.any(ast.unparse(requests)),), any_of_them)]


def _table_names(key: ast.expr, value: ast.expr, view: View) -> tuple[Pattern, ...]:
    described = view.known.get(id(value))
    return described[1].keys if described is not None and described[1].keys else view.values(key)


def _transaction(call: BotoCall, view: View) -> list[Raised]:
    found = []
    for element in view.elements(arguments.several(call, view, "TransactItems"), "operation"):
        known = view.members(element.node)
        kinds = [member.key for member in known if member.key in _TRANSACTIONS] if known else ["Put"]
        for kind in kinds:
            request = view.member(element.node, kind)
            table = view.written(request, "TableName") if request is not None else None
            tables = view.values(table) if table is not None else (Pattern.any("TableName"),)
            names, action = _ACTIONS[_TRANSACTIONS[kind]]
            found.append(_written(call, tables, action, names, element))
    return found


# What each kind of PartiQL statement raises, and the action it needs.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
_STATEMENTS: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        "insert": (("INSERT",), "dynamodb:PartiQLInsert"),
        "update": (("MODIFY",), "dynamodb:PartiQLUpdate"),
        "delete": (("REMOVE",), "dynamodb:PartiQLDelete"),
    }
)


def _statements(call: BotoCall, view: View) -> Iterator[Raised]:
    for element, statement in statements_of(call, view):
        names, action = _STATEMENTS[statement.kind]
        yield _written(call, (Pattern.of(statement.table),), action, names, element)


def _written(
    call: BotoCall, tables: tuple[Pattern, ...], action: str, names: tuple[str, ...], element: Element | None
) -> Raised:
    tables = tuple(arn_name(SERVICE, table) for table in tables)
    because = (arguments.call_reason(call), *arguments.naming_reasons(call, "table", tables))
    return Raised(
        SERVICE,
        tables,
        (action,),
        tuple(resource_arn(SERVICE, name) for name in tables),
        names,
        NO_FACTS,
        because,
        element,
    )


def _unknown(call: BotoCall, action: str, names: tuple[str, ...], what: str) -> Raised:
    tables = (Pattern.any(what),)
    because = (arguments.call_reason(call), *arguments.naming_reasons(call, "table", tables))
    return Raised(
        SERVICE, tables, (action,), tuple(resource_arn(SERVICE, name) for name in tables), names, NO_FACTS, because
    )


def _request(node: ast.expr, view: View, api: str) -> dict[str, ast.expr | None]:
    """What one entry of a batch or transaction gives, by the method `api` that is given it."""
    known = view.members(node)
    kinds = [member.key for member in known or () if member.key in (*_REQUESTS, *_TRANSACTIONS)]
    if not kinds:  # any kind of request: whatever it holds may be written
        put = "Put" if api == "transact_write_items" else "PutRequest"
        return {"Item": build.item(build.item(node, put), "Item")}
    request = view.member(node, kinds[0])
    if request is None:
        return {}
    words = ("Item", "Key", "UpdateExpression", "ExpressionAttributeNames", "ExpressionAttributeValues")
    wanted = {"PutRequest": words[:1], "Put": words[:1], "DeleteRequest": words[1:2], "Delete": words[1:2]}
    return {word: view.member(request, word) for word in wanted.get(kinds[0], words)}


def _updated(given: Mapping[str, ast.expr | None], texts: tuple[Pattern, ...], view: View, plain: bool) -> ast.expr:
    """The attributes an update writes."""
    legacy, values = given.get("AttributeUpdates"), given.get("ExpressionAttributeValues")
    if legacy is not None:
        return _legacy(legacy, view, plain)
    if values is None:
        return build.record({})
    known = view.members(values)
    written = given.get("UpdateExpression")
    text = texts[0].text if len(texts) == 1 else None
    if text is None and written is not None:
        text = view.text(written)
    if text is not None and known is not None:
        typed = plain or _looks_plain(values, view)
        by_name = {m.key: marshalled(m.node, view, m.written) if typed else m.node for m in known}
        try:
            return _assigned(text, _aliases(given.get("ExpressionAttributeNames"), view), by_name)
        except NotAnUpdate:
            pass  # what cannot be read may write anything: see below
    return build.each("name", "value", item_attributes(values, view, plain=plain), build.name("value"))


def _looks_plain(values: ast.expr, view: View) -> bool:
    """Whether the client that was called adds the types itself."""
    return item_attributes(values, view, plain=False) is not values


def _assigned(text: str, aliases: Mapping[str, str], values: Mapping[str, ast.expr]) -> ast.expr:
    attributes: dict[str, list[ast.expr]] = {}
    for assignment in parse_update(text, aliases):
        head, *rest = assignment.path
        for value in (values[name] for name in assignment.values if name in values):
            attributes.setdefault(str(head), []).append(typed_at(tuple(rest), value))
    return build.record({name: build.merged(*found) for name, found in attributes.items()})


def _aliases(names: ast.expr | None, view: View) -> dict[str, str]:
    members = view.members(names) if names is not None else None
    found = {member.key: view.text(member.written) for member in members or ()}
    return {alias: text for alias, text in found.items() if text is not None}


def _legacy(updates: ast.expr, view: View, plain: bool) -> ast.expr:
    members = view.members(updates)
    if members is None:
        typed = build.item(build.name("value"), "Value")
        if plain:
            typed = build.record({"S": typed, "M": typed, "L": typed})  # type: ignore[assignment]
        return build.each("name", "value", updates, typed)
    found: dict[str, ast.expr | None] = {}
    for member in members:
        value = view.member(member.written, "Value")
        if value is not None:
            found[member.key] = marshalled(value, view) if plain else value
    return build.record(found)


def _keys_of(item: ast.expr, settings: Settings) -> ast.expr:
    """The key attributes of an item: those of the table's key schema where it is known, else any."""
    schema = first(settings, "keySchema", "KeySchema")
    names = [node.get("AttributeName") or node for node in schema.listed()] if schema is not None else []
    texts = {node.text for node in names}
    if texts and isinstance(item, ast.Dict):
        pairs = [(key, value) for key, value in zip(item.keys, item.values, strict=True) if _text(key) in texts]
        if pairs:
            return ast.Dict([key for key, _ in pairs], [value for _, value in pairs])
    return item


def _text(key: ast.expr | None) -> object:
    return key.value if isinstance(key, ast.Constant) else None


def _view_type(settings: Settings) -> str:
    found = first(settings, "viewType", "StreamViewType", "streamViewType")
    return (found.text if found is not None else None) or "NEW_AND_OLD_IMAGES"


class DynamoDb(Service):
    """Amazon DynamoDB: items written wake functions by the table's stream."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """One event for each write."""
        if call.service != SERVICE:
            return ()
        match call.api:
            case "batch_write_item":
                return tuple(_batch(call, view))
            case "transact_write_items":
                return tuple(_transaction(call, view))
            case api if api in CALLS:
                return tuple(_statements(call, view))
        found = _ACTIONS.get(call.api)
        if found is None or call.receiver == "Paginator":
            return ()
        names, action = found
        if call.receiver == "BatchWriter":
            action = "dynamodb:BatchWriteItem"
        tables = arguments.resource_names(call, view, SERVICE, *_TABLE)
        because = (arguments.call_reason(call), *arguments.naming_reasons(call, "table", tables, *_TABLE))
        return (Raised(SERVICE, tables, (action,), tuple(map(self.arn, tables)), names, NO_FACTS, because),)

    def needed(self, call: BotoCall, view: View) -> tuple[tuple[str, Pattern], ...]:
        """The action and the table's ARN of a call that reads one table; an index has an ARN of its own."""
        action = _READING.get(call.api) if call.service == SERVICE else None
        if action is None or call.receiver == "Paginator" or "IndexName" in call.arguments or "**" in call.arguments:
            return ()
        return tuple((action, self.arn(table)) for table in arguments.resource_names(call, view, SERVICE, *_TABLE))

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """The keys, the new and the old image, as far as the call's own arguments are part of them."""
        because = (
            Reason("what is written arrives in the stream record's images, each value under its type", call.span),
        )
        if call.api in CALLS:
            held = {"Keys" if event.names == ("REMOVE",) else "Item": attributes_of(call, event.element, view)}
            around = event.element.generators if event.element is not None else ()
            return Payload(SERVICE, held, event.names, event.facts, around, because)
        plain = call.receiver != "client"
        if event.element is None:
            given: dict[str, ast.expr | None] = {
                word: (arguments.sent if word == _SENT.get(call.api) else arguments.optional)(call, view, word)
                for word in (
                    "Item", "Key", "UpdateExpression", "ExpressionAttributeNames", "ExpressionAttributeValues",
                    "AttributeUpdates", "RequestItems",
                )
            }  # fmt: skip
            generators: tuple[ast.comprehension, ...] = ()
        else:
            given = _request(event.element.node, view, call.api)
            generators = event.element.generators
        parts: dict[str, ast.expr] = {}
        item, key = given.get("Item"), given.get("Key")
        if item is not None:
            parts["Item"] = item_attributes(item, view, plain=plain)
        if key is not None:
            parts["Keys"] = item_attributes(key, view, plain=plain)
        if item is None and event.names != ("REMOVE",):
            expression = arguments.argument(call, "UpdateExpression") if event.element is None else None
            texts = expression.values if expression is not None else ()
            parts["Item"] = build.merged(
                *([parts["Keys"]] if key is not None else []), _updated(given, texts, view, plain)
            )
        return Payload(SERVICE, parts, event.names, event.facts, generators, because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """One stream record, with the images that the stream's view type has.

        Without a known view type both are there. An old image is what an earlier call of the same kind has written.
        """
        view_type = _view_type(settings)
        name = event.names[0]
        item, keys = event.parts.get("Item"), event.parts.get("Keys")
        new = item if name != "REMOVE" and view_type in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES") else None
        old = None
        if view_type in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES") and ("MODIFY" in event.names or name == "REMOVE"):
            old = item if item is not None else keys
        if keys is None and item is not None:
            keys = _keys_of(item, settings)
        stream = {"Keys": keys, "NewImage": new, "OldImage": old, "StreamViewType": build.const(view_type)}
        return build.record(
            {
                "eventName": build.const(name),
                "eventSource": build.const("aws:dynamodb"),
                "dynamodb": build.record(stream),
            }
        )

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """`{"Records": […]}`."""
        records = [Element(self.document(event, settings), event.generators) for event in events]
        return build.record({"Records": build.listing(records)})

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """The event source mapping's filter patterns, for each name the event may have."""
        answers: list[tuple[str, Verdict]] = []
        because: tuple[Reason, ...] = ()
        for name in event.names:
            single = replace(event, names=(name,))
            verdict, because_now = filter_patterns(settings, partial(self.document, single, settings), view)
            answers.append((name, verdict))
            if verdict.possible or not because:
                because = because_now
        passing = tuple(name for name, verdict in answers if verdict.possible)
        if not passing:
            return Passage(Verdict.NO, because, event)
        certain = all(verdict is Verdict.YES for _, verdict in answers)
        stopped = [name for name, verdict in answers if not verdict.possible]
        if stopped:
            which = (
                f"{' or '.join(passing)} passes, {' or '.join(stopped)} does not: it depends on what the table holds"
            )
            because = (*because, Reason(which, because[0].span, "doubt"))
        return Passage(Verdict.YES if certain else Verdict.MAYBE, because, replace(event, names=passing))

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """The record as a pipe hands it on."""
        return piped(SERVICE, self.document(event, settings), event, target, settings)

    def received(self, handed: HandedOn, target: Pattern, settings: Settings, view: View) -> Payload:
        """An item whose attributes are those of the document."""
        parts = {"Item": item_attributes(handed.value, view, plain=True)}
        return Payload(SERVICE, parts, _WRITTEN, generators=handed.generators)


BEHAVIOUR: Service = DynamoDb()
