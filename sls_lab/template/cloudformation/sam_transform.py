"""What SAM adds to a template before CloudFormation sees it: `Globals` and resources of its own.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from sls_lab.facts import Pattern
from sls_lab.template.cloudformation.scope import Implicit
from sls_lab.template.model import Resource
from sls_lab.template.shared.node import Node

TRANSFORM = "AWS::Serverless-2016-10-31"

_APIS: Mapping[str, str] = {
    "ServerlessRestApi": "AWS::ApiGateway::RestApi",
    "ServerlessHttpApi": "AWS::ApiGatewayV2::Api",
}

# The section of `Globals` for each type of resource.
_SECTIONS: Mapping[str, str] = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
    "AWS::Serverless::SimpleTable": "SimpleTable",
    "AWS::Serverless::StateMachine": "StateMachine",
    "AWS::Serverless::LayerVersion": "LayerVersion",
}


def is_sam(template: Node) -> bool:
    """Whether the template names SAM's transform or holds one of its resources."""
    transform = template.get("Transform")
    if transform is not None and any(item.text == TRANSFORM for item in transform.listed()):
        return True
    resources = template.get("Resources")
    types = (resource.get("Type") for resource in (resources.mapping.values() if resources else ()))
    return any(kind is not None and (kind.text or "").startswith("AWS::Serverless::") for kind in types)


def with_globals(template: Node) -> Node:
    """The template with the entries of `Globals` written into the resources that they apply to.

    A resource's own scalar wins, mappings are merged, lists are added to the end of the global one.
    Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    shared, resources = template.get("Globals"), template.get("Resources")
    if shared is None or resources is None:
        return template
    changed: dict[str, Node] = {}
    for logical_id, resource in resources.mapping.items():
        kind = resource.get("Type")
        section = _SECTIONS.get((kind.text if kind else None) or "")
        common = shared.get(section) if section else None
        changed[logical_id] = resource if common is None else _with_properties(resource, common)
    return _replaced(template, "Resources", _mapping(resources, changed))


def _with_properties(resource: Node, common: Node) -> Node:
    own = resource.get("Properties")
    return _replaced(resource, "Properties", common if own is None else _merged(common, own))


def _merged(common: Node, own: Node) -> Node:
    if isinstance(common.value, Mapping) and isinstance(own.value, Mapping):
        if _is_intrinsic(common) or _is_intrinsic(own):
            return own
        entries = dict(common.mapping)
        for key, node in own.mapping.items():
            entries[key] = _merged(entries[key], node) if key in entries else node
        return _mapping(own, entries)
    if isinstance(common.value, tuple) and isinstance(own.value, tuple):
        return Node((*common.value, *own.value), own.span, own.because, own.key)
    return own


def _is_intrinsic(node: Node) -> bool:
    return len(node.mapping) == 1 and next(iter(node.mapping)).startswith(("Fn::", "Ref"))


def _mapping(node: Node, entries: Mapping[str, Node]) -> Node:
    return Node(MappingProxyType(dict(entries)), node.span, node.because, node.key)


def _replaced(node: Node, key: str, entry: Node) -> Node:
    return _mapping(node, {**node.mapping, key: entry})


def implicit_resources(template: Node) -> Mapping[str, Implicit]:
    """The resources that SAM makes beside those written, as far as templates refer to them.

    Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
    """
    made: dict[str, Implicit] = {}

    def make(logical_id: str, type_name: str) -> None:
        made[logical_id] = Implicit(type_name, Pattern.generated(logical_id))

    for api, kind in _APIS.items():
        make(api, kind)
        for suffix in ("Stage", "ProdStage", "Deployment", "ApiGatewayDefaultStage"):
            make(f"{api}{suffix}", "")
    resources = template.get("Resources")
    for logical_id, resource in (resources.mapping if resources else {}).items():
        kind_node = resource.get("Type")
        kind_text = (kind_node.text if kind_node else None) or ""
        if kind_text in ("AWS::Serverless::Function", "AWS::Serverless::StateMachine"):
            make(f"{logical_id}Role", "AWS::IAM::Role")
            make(f"{logical_id}Url", "AWS::Lambda::Url")
            for event, node in _events(resource):
                _make_for_event(make, logical_id, event, node)
        elif kind_text in ("AWS::Serverless::Api", "AWS::Serverless::HttpApi"):
            stage = resource.get("Properties", "StageName")
            named = (f"{stage.text}Stage",) if stage is not None and stage.text else ()
            # `Api.Stage` and `Api.Deployment` refer to what SAM makes, whatever its logical id.
            for suffix in ("Stage", "Deployment", "ApiGatewayDefaultStage", ".Stage", ".Deployment", *named):
                make(f"{logical_id}{suffix}", "")
    written = resources.mapping if resources else {}
    return {logical_id: added for logical_id, added in made.items() if logical_id not in written}


def implied_apis(template: Node) -> Iterator[Resource]:
    """The APIs that SAM makes for events that name none, with the properties that `Globals` gives them."""
    for logical_id, type_name in _APIS.items():
        section = "Api" if logical_id == "ServerlessRestApi" else "HttpApi"
        properties = template.get("Globals", section)
        if properties is not None:
            yield Resource(logical_id, type_name, Pattern.generated(logical_id), properties, properties.span)


def _events(resource: Node) -> list[tuple[str, Node]]:
    events = resource.get("Properties", "Events")
    return list(events.mapping.items()) if events else []


def _make_for_event(make: Callable[[str, str], None], function: str, event: str, node: Node) -> None:
    make(f"{function}{event}", "AWS::Events::Rule")
    make(f"{function}{event}Permission", "AWS::Lambda::Permission")
    kind = node.get("Type")
    if kind is not None and kind.text == "SNS":
        make(f"{function}{event}Queue", "AWS::SQS::Queue")
