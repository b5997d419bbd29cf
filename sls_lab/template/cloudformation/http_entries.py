"""Doors to the outside world: API Gateway, function URLs, authorisers and user pools."""

from __future__ import annotations

from collections.abc import Mapping

from sls_lab.facts import Pattern, Span
from sls_lab.template.cloudformation.event_settings import http_trigger
from sls_lab.template.cloudformation.integrations import read_integration
from sls_lab.template.model import Resource, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_collector import Collector, because, settings, word

_ANY = "x-amazon-apigateway-any-method"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", _ANY})
_INTEGRATION = "x-amazon-apigateway-integration"


def read_apis(collector: Collector) -> None:
    """REST, HTTP and WebSocket APIs declared piece by piece or by an OpenAPI body.

    Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGatewayV2.html
    """
    for resource in collector.of_type("AWS::ApiGateway::Method"):
        _read_method(collector, resource)
    routes = _routes(collector)
    for resource in collector.of_type("AWS::ApiGatewayV2::Integration"):
        _read_integration(collector, resource, routes.get(resource.name, []))
    for resource in collector.of_type("AWS::ApiGatewayV2::Api"):
        target = resource.properties.get("Target")
        if target is not None:
            method, path = _route_key(resource.properties.get("RouteKey"))
            why = f"the API {resource.logical_id} calls the function"
            collector.wake_target(target, http_trigger("httpApi", method, path, None, resource.span, why), why)
    for resource in collector.of_type("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"):
        body = resource.properties.get("Body")
        if body is not None:
            kind = "http" if resource.type == "AWS::ApiGateway::RestApi" else "httpApi"
            read_openapi(collector, body, kind, resource.logical_id)


def read_openapi(collector: Collector, body: Node, kind: str, api: str) -> None:
    """The routes of an OpenAPI document whose integration calls a function.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
    """
    paths = body.get("paths")
    for path, item in (paths.mapping if paths else {}).items():
        shared = item.get(_INTEGRATION)
        for method, operation in item.mapping.items():
            if method.lower() not in _METHODS:
                continue
            integration = operation.get(_INTEGRATION) or shared
            uri = integration.get("uri") if integration else None
            function = collector.function(uri.pattern) if uri and uri.pattern is not None else None
            if function is None or not _calls_function(uri):
                if integration is not None:
                    read_integration(collector, integration, operation.span, f"{method} {path} of the API {api}")
                continue
            security = operation.get("security")
            security = body.get("security") if security is None else security
            verb = word("any" if method.startswith("x-") else method.lower(), operation.span)
            why = f"{method} {path} of the API {api} calls the function"
            authorizer = security if security and security.items else None
            trigger = http_trigger(kind, verb, word(path, operation.span), authorizer, operation.span, why)
            collector.wake(function, trigger)


def _calls_function(uri: Node | None) -> bool:
    return uri is not None and uri.pattern is not None and "function" in str(uri.pattern)


def _read_method(collector: Collector, resource: Resource) -> None:
    properties = resource.properties
    uri = properties.get("Integration", "Uri")
    function = collector.function(uri.pattern) if uri and uri.pattern is not None else None
    if function is None:
        return
    authorization = properties.get("AuthorizationType")
    open_to_all = authorization is None or authorization.text in (None, "NONE")
    path = _rest_path(collector, properties.get("ResourceId"))
    why = f"the method {resource.logical_id} calls the function"
    trigger = http_trigger(
        "http",
        properties.get("HttpMethod"),
        word(path, resource.span),
        None if open_to_all else authorization,
        resource.span,
        why,
    )
    collector.wake(function, trigger)


def _rest_path(collector: Collector, reference: Node | None) -> str:
    """The path of an `AWS::ApiGateway::Resource`, put together from its parents."""
    parts: list[str] = []
    seen: set[str] = set()
    while reference is not None and reference.pattern is not None:
        resource = collector.named("AWS::ApiGateway::Resource", reference.pattern)
        if resource is None or resource.logical_id in seen:
            break
        seen.add(resource.logical_id)
        part = resource.properties.get("PathPart")
        parts.append(str(part.pattern) if part else "")
        reference = resource.properties.get("ParentId")
    return "/" + "/".join(reversed(parts))


def _routes(collector: Collector) -> Mapping[Pattern, list[Resource]]:
    """The routes of HTTP and WebSocket APIs by the integration they lead to (`integrations/ID`)."""
    found: dict[Pattern, list[Resource]] = {}
    for resource in collector.of_type("AWS::ApiGatewayV2::Route"):
        target = resource.properties.get("Target")
        if target is not None and target.pattern is not None:
            found.setdefault(target.pattern.split("/")[-1], []).append(resource)
    return found


def _read_integration(collector: Collector, resource: Resource, routes: list[Resource]) -> None:
    uri = resource.properties.get("IntegrationUri")
    function = collector.function(uri.pattern) if uri and uri.pattern is not None else None
    if function is None:
        return
    why = f"the integration {resource.logical_id} calls the function"
    if not routes:
        collector.wake(function, http_trigger("httpApi", None, None, None, resource.span, why))
    for route in routes:
        key, authorization = route.properties.get("RouteKey"), route.properties.get("AuthorizationType")
        authorizer = None if authorization is None or authorization.text == "NONE" else authorization
        if _is_websocket(collector, route.properties.get("ApiId"), key):
            given = settings(route=key, authorizer=authorizer)
            collector.wake(function, Trigger("websocket", None, None, given, route.span, because(why, route.span)))
        else:
            method, path = _route_key(key)
            collector.wake(function, http_trigger("httpApi", method, path, authorizer, route.span, why))


def _is_websocket(collector: Collector, api: Node | None, key: Node | None) -> bool:
    declared = collector.named("AWS::ApiGatewayV2::Api", api.pattern) if api and api.pattern is not None else None
    protocol = declared.properties.get("ProtocolType") if declared else None
    if protocol is not None:
        return protocol.text == "WEBSOCKET"
    return key is not None and (key.text or "").startswith("$") and key.text != "$default"


def _route_key(key: Node | None) -> tuple[Node | None, Node | None]:
    """`POST /orders` as a method and a path; `$default` as any method on any path."""
    if key is None or key.text is None:
        return None, None
    if key.text == "$default":
        return word("*", key.span), word("*", key.span)
    method, _, path = key.text.partition(" ")
    return word(method.lower(), key.span), word(path.strip(), key.span)


def read_urls(collector: Collector) -> None:
    """`AWS::Lambda::Url`: public unless its authorisation is `AWS_IAM`.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    """
    for resource in collector.of_type("AWS::Lambda::Url"):
        target = resource.properties.get("TargetFunctionArn")
        if target is not None:
            collector.wake_target(target, url_trigger(resource.properties, resource.span), resource.logical_id)


def url_trigger(properties: Node, span: Span) -> Trigger:
    """The trigger of a function URL's properties."""
    given = settings(authType=properties.get("AuthType") or word("NONE", span))
    return Trigger("url", None, None, given, span, because("the function has a URL of its own", span))


def read_other_doors(collector: Collector) -> None:
    """Callers of functions that are declared in a form of their own: SAM's authorisers, and triggers of user pools."""
    for resource in collector.of_type("AWS::Serverless::Api", "AWS::Serverless::HttpApi"):
        written = resource.properties.get("Auth", "Authorizers")
        for authorizer in (written.mapping if written else {}).values():
            _door(collector, "authorizer", resource, authorizer.get("FunctionArn"))
    for resource in collector.of_type("AWS::Cognito::UserPool"):
        config = resource.properties.get("LambdaConfig")
        for name, target in (config.mapping if config else {}).items():
            arn = target.get("LambdaArn") or target
            _door(collector, "cognitoUserPool", resource, arn, trigger=word(name, target.span))


def _door(collector: Collector, kind: str, resource: Resource, target: Node | None, **given: Node | None) -> None:
    if target is None or target.pattern is None:
        return
    function = collector.function(target.pattern)
    if function is not None:
        reasons = because(f"{resource.logical_id} calls the function", resource.span, target)
        collector.wake(function, Trigger(kind, None, None, settings(**given), resource.span, reasons))
