"""APIs that write straight into a queue, topic, stream, bus, table, bucket or state machine.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html,
https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html (the form of the URI)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sls_lab.aws.arn import arn_name
from sls_lab.aws.model import ServiceFacts
from sls_lab.aws.registry import facts_by_word, type_facts
from sls_lab.facts import Hole, Pattern, Span
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_collector import Collector, because, settings, word

# The service of an HTTP API's integration, by the first word of its subtype, and where the resource is named.
_SUBTYPES: Mapping[str, tuple[str, str]] = {
    "SQS": ("sqs", "QueueUrl"),
    "EventBridge": ("events", "EventBusName"),
    "Kinesis": ("kinesis", "StreamName"),
    "StepFunctions": ("stepfunctions", "StateMachineArn"),
}
_WRITING = frozenset({"SendMessage", "PutEvents", "PutRecord", "StartExecution", "StartSyncExecution"})
_DEFAULT_BUS = Pattern.of("default")


def read_subtype(collector: Collector, properties: Node, span: Span, what: str) -> None:
    """The integration of an HTTP API by its subtype: `SQS-SendMessage`, `EventBridge-PutEvents` and so on."""
    subtype = _either(properties, "IntegrationSubtype")
    given = _either(properties, "RequestParameters")
    service, _, operation = ((subtype.text if subtype is not None else None) or "").partition("-")
    if service not in _SUBTYPES or operation not in _WRITING:
        return
    client, key = _SUBTYPES[service]
    named = given.get(key) if given is not None else None
    name = _DEFAULT_BUS if client == "events" else Pattern.any(key)
    if named is not None and named.pattern is not None:
        dynamic = str(named.pattern).startswith("$")
        name = Pattern.any(key) if dynamic else arn_name(client, named.pattern)
    fixed = {
        setting: given.get(parameter) if given is not None else None
        for setting, parameter in (("source", "Source"), ("detailType", "DetailType"))
    }
    known = {
        setting: node for setting, node in fixed.items() if node is not None and not str(node.pattern).startswith("$")
    }
    why = because(f"{what} lets anyone write to it without a function in between", span, named)
    collector.open_to_all(client, name, span, why, settings(**known) if client == "events" else None)


def read_integration(collector: Collector, integration: Node, span: Span, what: str) -> None:
    """The integration of a REST API by its URI: `arn:aws:apigateway:REGION:SERVICE:action/OPERATION` or `:path/…`.

    `integration` is written as CloudFormation or as OpenAPI writes it.
    """
    if _either(integration, "IntegrationSubtype") is not None:
        read_subtype(collector, integration, span, what)
        return
    uri = _either(integration, "Uri")
    pieces = uri.pattern.split(":") if uri is not None and uri.pattern is not None else ()
    facts = facts_by_word(pieces[4].text or "") if len(pieces) > 5 and pieces[2].text == "apigateway" else None
    if facts is None or not facts.target or facts.client == "lambda" or uri is None:
        return
    texts = tuple(_texts(integration))
    path = pieces[5].split("/")
    if not _is_writing(facts, path, texts, integration):
        return
    why = because(f"{what} lets anyone write to it without a function in between", span, uri)
    given = settings(**_fixed(texts, span)) if facts.client == "events" else None
    for name in _names(collector, facts, path, texts):
        collector.open_to_all(facts.client, name, span, why, given)


def _is_writing(facts: ServiceFacts, path: tuple[Pattern, ...], texts: tuple[Pattern, ...], integration: Node) -> bool:
    operations = {"".join(part.capitalize() for part in method.split("_")) for method in facts.raising}
    if path[0].text == "action":
        return len(path) > 1 and path[1].text in operations
    if facts.client == "s3":
        method = _either(integration, "IntegrationHttpMethod") or _either(integration, "HttpMethod")
        return method is not None and (method.text or "").upper() in ("PUT", "POST", "ANY")
    return any(operation in str(text) for operation in operations for text in texts)


def _names(
    collector: Collector, facts: ServiceFacts, path: tuple[Pattern, ...], texts: tuple[Pattern, ...]
) -> Iterator[Pattern]:
    """The names of the resources that are written to; where none is found, nothing is known of it."""
    if path[0].text == "path" and len(path) > 1:
        # `path/ACCOUNT/QUEUE` and `path/BUCKET/KEY`; a name in braces is a parameter of the request.
        name = path[1] if facts.client == "s3" else path[-1]
        yield Pattern.any("path") if str(name).startswith("{") and not name.holes else name
        return
    declared = [one for one in collector.resources if (known := type_facts(one.type)) and known[0] is facts]
    found = [one.name for one in declared if any(_holds(text, one.name) for text in texts)]
    if found:
        yield from dict.fromkeys(found)
    elif facts.client == "events":
        yield _DEFAULT_BUS
    else:
        yield Pattern.any(facts.client)


def _fixed(texts: tuple[Pattern, ...], span: Span) -> Mapping[str, Node]:
    """The source and the type of detail that a mapping template writes out."""
    found = {}
    for setting, key in (("source", "Source"), ("detailType", "DetailType")):
        for text in texts:
            match = re.search(rf"\\?[\"']{key}\\?[\"']\s*:\s*\\?[\"']([^\"'$\\{{}}]+)\\?[\"']", str(text))
            if match is not None:
                found[setting] = word(match[1], span)
    return found


def _texts(integration: Node) -> Iterator[Pattern]:
    for key in ("RequestParameters", "RequestTemplates"):
        given = _either(integration, key)
        for node in (given.mapping if given is not None else {}).values():
            if node.pattern is not None:
                yield node.pattern


def _either(node: Node, key: str) -> Node | None:
    """The value at a key as CloudFormation writes it, or as OpenAPI does, with a small first letter."""
    return node.get(key) or node.get(key[0].lower() + key[1:])


def _holds(text: Pattern, name: Pattern) -> bool:
    """Whether a string names a resource: its name, with no further letter of a name on either side."""
    whole, wanted = _letters(text), _letters(name)
    for start in range(len(whole) - len(wanted) + 1):
        end = start + len(wanted)
        around = (whole[start - 1] if start else "", whole[end] if end < len(whole) else "")
        if whole[start:end] == wanted and not any(isinstance(one, str) and re.match(r"[\w-]", one) for one in around):
            return True
    return False


def _letters(pattern: Pattern) -> list[str | Hole]:
    return [one for part in pattern.parts for one in (part if isinstance(part, str) else (part,))]
