"""What the Serverless Framework adds to a deployment: functions, roles, buckets and topics of events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.cloudformation.scope import Implicit
from sls_lab.template.model import Resource
from sls_lab.template.serverless.generated_names import (
    EXECUTION_ROLE,
    bucket_logical_id,
    function_role_logical_id,
    layer_logical_id,
    log_group_logical_id,
    topic_logical_id,
)
from sls_lab.template.serverless.service import entries, keyed_span, list_node, mapping_node
from sls_lab.template.serverless.service_functions import Written
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log

# https://www.serverless.com/framework/docs/providers/aws/guide/resources
_SHARED: Mapping[str, str] = {
    EXECUTION_ROLE: "AWS::IAM::Role",
    "ServerlessDeploymentBucket": "AWS::S3::Bucket",
    "ApiGatewayRestApi": "AWS::ApiGateway::RestApi",
    "HttpApi": "AWS::ApiGatewayV2::Api",
    "WebsocketsApi": "AWS::ApiGatewayV2::Api",
    "IamRoleStateMachineExecution": "AWS::IAM::Role",
}


def created_by_events(functions: Iterable[Written], provider: Node | None) -> Iterator[Resource]:
    """The buckets and topics that `s3` and `sns` events create, in the order written; `provider` names buckets.

    Only names that are known make a logical id; a bucket marked `existing` and a topic by ARN are not created.
    Sources: https://www.serverless.com/framework/docs/providers/aws/events/s3,
    https://www.serverless.com/framework/docs/providers/aws/events/sns
    """
    for function in functions:
        events = function.node.get("events")
        for item in events.listed() if events is not None else ():
            for kind, node in item.mapping.items():
                found = _bucket(node, provider) if kind == "s3" else _topic(node) if kind == "sns" else None
                if found is not None:
                    yield found


def _bucket(node: Node, provider: Node | None) -> Resource | None:
    written = node.get("bucket") or node
    existing = node.get("existing")
    if written.text is None or (existing is not None and str(existing.pattern).lower() == "true"):
        return None
    named = provider.get("s3", written.text, "name") if provider is not None else None
    name = named.pattern if named is not None else None
    return _resource(bucket_logical_id(written.text), "AWS::S3::Bucket", name or Pattern.of(written.text), written.span)


def _topic(node: Node) -> Resource | None:
    written = node.get("topicName") or node
    if written.text is None or node.get("arn") is not None or written.text.startswith("arn:"):
        return None
    return _resource(topic_logical_id(written.text), "AWS::SNS::Topic", Pattern.of(written.text), written.span)


def _resource(logical_id: str, type_name: str, name: Pattern, span: Span) -> Resource:
    why = Reason(f"the framework creates {name} for the event", span)
    return Resource(logical_id, type_name, name, mapping_node({}, span), span, (why,))


def implicit_resources(
    functions: Iterable[Written], events: Iterable[Resource], layers: Node | None, role: Pattern, log: Log
) -> dict[str, Implicit]:
    """Everything that intrinsic functions may refer to although `resources` does not declare it.

    `events` are the resources created by events, `role` is the name of the functions' shared role.
    """
    found = {
        logical_id: Implicit(type_name, Pattern.generated(logical_id)) for logical_id, type_name in _SHARED.items()
    }
    found[EXECUTION_ROLE] = Implicit("AWS::IAM::Role", role)
    for layer, _node in entries(layers, log, "layers"):
        found[layer_logical_id(layer)] = Implicit("AWS::Lambda::LayerVersion", Pattern.of(layer))
    for resource in events:
        found[resource.logical_id] = Implicit(resource.type, resource.name)
    for function in functions:
        name = function.deployed_name
        found[function.logical_id] = Implicit("AWS::Lambda::Function", name)
        found[log_group_logical_id(function.name)] = Implicit("AWS::Logs::LogGroup", Pattern.of("/aws/lambda/", name))
        own = function_role_logical_id(function.name)
        found[own] = Implicit("AWS::IAM::Role", Pattern.generated(own))
    return found


def merged_sections(resources: Node | None, log: Log, span: Span) -> Node:
    """The `resources` of a template, which may come in several pieces, as one CloudFormation template.

    Source: https://www.serverless.com/framework/docs/providers/aws/guide/resources
    """
    sections: dict[str, dict[str, Node]] = {}
    places: dict[str, Span] = {}
    for piece in resources.listed() if resources is not None else ():
        if not piece.mapping and piece.value is not None and not isinstance(piece.value, Mapping):
            message = f"These resources are not known here ({piece.pattern}), so they are left out: write them as YAML."
            log.say("resources-unknown", message, piece.span)
        for section, node in piece.mapping.items():
            if section in ("Description", "AWSTemplateFormatVersion", "Transform"):
                continue
            sections.setdefault(section, {}).update(entries(node, log, "resources"))
            places.setdefault(section, keyed_span(node))
    return mapping_node({name: mapping_node(found, places[name]) for name, found in sections.items()}, span)


def together(declared: Iterable[Resource], added: Iterable[Resource]) -> tuple[Resource, ...]:
    """The declared resources with those that the framework adds.

    One that is declared under the framework's logical id stays declared, with the name that the framework gives it
    and, for a role, the policies of both.
    """
    found = {resource.logical_id: resource for resource in declared}
    names = {(resource.type, resource.name) for resource in found.values()}
    for resource in added:
        own = found.get(resource.logical_id)
        if own is not None:
            found[resource.logical_id] = _merged(own, resource)
        elif (resource.type, resource.name) not in names:
            found[resource.logical_id] = resource
    return tuple(found.values())


def _merged(declared: Resource, added: Resource) -> Resource:
    properties = dict(declared.properties.mapping)
    for key, node in added.properties.mapping.items():
        own = properties.get(key)
        properties[key] = node if own is None else list_node((*own.listed(), *node.listed()), own.span)
    name = added.name if declared.name == Pattern.generated(declared.logical_id) else declared.name
    return replace(declared, name=name, properties=mapping_node(properties, declared.properties.span))
