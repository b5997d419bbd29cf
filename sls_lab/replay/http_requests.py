"""Event objects of HTTP requests, as the trigger of a function makes them.

Function URLs and HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html;
REST APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html;
load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

from sls_lab.replay.deployment import ACCOUNT, plain
from sls_lab.replay.shapes import EPOCH, TIME, schedule_event
from sls_lab.template.model import Function, Trigger

HTTP: Final = ("http", "httpApi", "url", "alb", "websocket")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sends over HTTP: the body as it travels, and what is in the address and the headers.

    `path` are parameters of the route by name, `whole` is the whole path instead, where it is given. `context` is what
    the API itself knows of the client, added to `requestContext`.
    """

    body: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = ""
    whole: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def http_triggers(function: Function) -> tuple[Trigger, ...]:
    """The triggers of a function that HTTP requests pull."""
    return tuple(trigger for trigger in function.triggers if trigger.type in HTTP)


def http_trigger(function: Function, method: str = "", path: str = "") -> Trigger | None:
    """The trigger that a request with this method and path pulls, else the first one of HTTP; None without any."""
    found = http_triggers(function)
    fitting = [
        one
        for one in found
        if (not path or parameters_of(route_of(one), path) is not None)
        and (not method or method_of(one) in ("", "*", "ANY", method.upper()))
    ]
    return next(iter(fitting or found), None)


def route_of(trigger: Trigger) -> str:
    """The path of a trigger's route, with its parameters in braces."""
    return str(plain(trigger.settings.get("path")) or _of_conditions(trigger, "path") or "/")


def method_of(trigger: Trigger) -> str:
    """The method that a trigger takes, in capitals; empty or `*` or `ANY` where it takes any."""
    return str(plain(trigger.settings.get("method")) or _of_conditions(trigger, "method") or "").upper()


def parameters_of(route: str, path: str) -> dict[str, str] | None:
    """The parameters of a route in a path; None where it is not a path of that route.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
    """
    pieces = re.split(r"\{([\w.-]+\+?)\}", "/" + route.lstrip("/"))
    if pieces == ["/"] or "*" in pieces[-1] or route.startswith("$"):
        return {}
    names = [piece.rstrip("+") for piece in pieces[1::2]]
    groups = ["(.+)" if piece.endswith("+") else "([^/]+)" for piece in pieces[1::2]]
    wanted = "".join(re.escape(text) + group for text, group in zip(pieces[::2], [*groups, ""], strict=True))
    found = re.fullmatch(wanted, path.split("?")[0])
    return dict(zip(names, map(unquote, found.groups()), strict=True)) if found else None


def usual_event(function: Function, region: str) -> Any:
    """The event object of a function that gets no data: that of its schedule, else an empty one."""
    if any(trigger.type in ("schedule", "scheduler") for trigger in function.triggers):
        return schedule_event(region)
    return {}


def http_event(trigger: Trigger, sent: Sent) -> dict[str, Any]:
    """The event object of a request."""
    method = sent.method.upper() or method_of(trigger)
    route = route_of(trigger)
    method = "POST" if method in ("", "*", "ANY") and sent.body is not None else method or "GET"
    method = "GET" if method in ("*", "ANY") else method
    named = {name.rstrip("+"): name.rstrip("+") for name in re.findall(r"\{([\w.-]+\+?)\}", route)}
    given = parameters_of(route, sent.whole) if sent.whole else None
    sent = replace(sent, path={**named, **(sent.path if given is None else given)})
    path = "/" + sent.whole.lstrip("/") if sent.whole else _filled("/" + route.lstrip("/"), sent.path)
    event = _shaped(trigger, method, route, path, sent)
    known = event["requestContext"]
    return {**event, "requestContext": {**known, **sent.context}} if sent.context else event


def _shaped(trigger: Trigger, method: str, route: str, path: str, sent: Sent) -> dict[str, Any]:
    match trigger.type:
        case "httpApi" | "url":
            return _second_version(method, route, path, sent)
        case "alb":
            return _balanced(method, path, sent)
        case "websocket":
            return _websocket(str(plain(trigger.settings.get("route")) or "$default"), sent)
    return _first_version(method, route, path, sent)


def refused_answer(trigger: Trigger, result: Any) -> str:
    """Why a REST API or a load balancer does not take what a handler returned; empty where it does.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html and
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer
    """
    if trigger.type not in ("http", "alb") or str(plain(trigger.settings.get("integration")) or "").lower() == "lambda":
        return ""
    if not isinstance(result, dict):
        return "it is not a mapping"
    if not isinstance(result.get("statusCode"), int) and not str(result.get("statusCode", "")).isdigit():
        return "it has no statusCode that is a number"
    if result.get("body") is not None and not isinstance(result["body"], str):
        return "its body is not a string"
    return ""


def _of_conditions(trigger: Trigger, word: str) -> Any:
    conditions = plain(trigger.settings.get("conditions"))
    found = conditions.get(word) if isinstance(conditions, dict) else None
    return found[0] if isinstance(found, list) and found else found


def _filled(route: str, given: Mapping[str, str]) -> str:
    """The route with its parameters filled in; one that takes the rest of the path keeps its slashes."""
    return re.sub(
        r"\{([\w.-]+)(\+?)\}",
        lambda match: quote(given.get(match[1], match[1]), safe="/" if match[2] else ""),
        route,
    )


def _headers(sent: Sent, *, lower: bool = True) -> dict[str, str]:
    """REST APIs hand headers on as they were sent, all others write their names in small letters."""
    headers = {"host": "api.example", "user-agent": "browser", "x-forwarded-for": "192.0.2.1", "accept": "*/*"}
    if sent.body is not None:
        headers["content-type"] = "application/json"
    given = {name.lower() if lower else name: value for name, value in sent.headers.items()}
    replaced = {name.lower() for name in given}
    return {**{name: value for name, value in headers.items() if name not in replaced}, **given}


def _second_version(method: str, route: str, path: str, sent: Sent) -> dict[str, Any]:
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {route}" if route else "$default",
        "rawPath": path,
        "rawQueryString": urlencode(sent.query),
        "headers": _headers(sent),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "api",
            "domainName": "api.example",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "browser",
            },
            "requestId": "request",
            "routeKey": f"{method} {route}",
            "stage": "$default",
            "time": "01/Jan/2024:12:00:00 +0000",
            "timeEpoch": EPOCH * 1000,
        },
        "isBase64Encoded": False,
    }
    if sent.query:
        event["queryStringParameters"] = dict(sent.query)
    if sent.path:
        event["pathParameters"] = dict(sent.path)
    if sent.body is not None:
        event["body"] = sent.body
    return event


def _first_version(method: str, route: str, path: str, sent: Sent) -> dict[str, Any]:
    headers = _headers(sent, lower=False)
    return {
        "resource": "/" + route.lstrip("/"),
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(sent.query) or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in sent.query.items()} or None,
        "pathParameters": dict(sent.path) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "api",
            "httpMethod": method,
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "browser"},
            "path": path,
            "requestId": "request",
            "requestTime": TIME,
            "resourcePath": "/" + route.lstrip("/"),
            "stage": "dev",
        },
        "body": sent.body,
        "isBase64Encoded": False,
    }


def _balanced(method: str, path: str, sent: Sent) -> dict[str, Any]:
    return {
        "requestContext": {
            "elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x"}
        },
        "httpMethod": method,
        "path": path,
        "queryStringParameters": {name: quote(value) for name, value in sent.query.items()},
        "headers": _headers(sent),
        "body": sent.body or "",
        "isBase64Encoded": False,
    }


def _websocket(route: str, sent: Sent) -> dict[str, Any]:
    return {
        "requestContext": {
            "routeKey": route,
            "eventType": "MESSAGE",
            "connectionId": "connection",
            "domainName": "api.example",
            "stage": "dev",
            "apiId": "api",
        },
        "headers": _headers(sent),
        "queryStringParameters": dict(sent.query) or None,
        "body": sent.body,
        "isBase64Encoded": False,
    }
