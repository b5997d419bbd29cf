"""The first requests that are tried on a handler: one for each way in which it is woken from outside.

What they hold beyond that is found out by trying; see `sls_lab.replay.request_search`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sls_lab.code import Code
from sls_lab.code.model import Receiver
from sls_lab.replay.deployment import Deployment
from sls_lab.replay.http_requests import http_triggers, method_of, route_of
from sls_lab.replay.model import Outside
from sls_lab.replay.request_parts import Encoded
from sls_lab.replay.request_shapes import shaped_requests
from sls_lab.replay.requests_file import Scenario
from sls_lab.template.model import Template, Trigger
from sls_lab.template.shared.trigger_settings import rules

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_BODILESS: Final = ("GET", "HEAD", "DELETE", "OPTIONS")
_PARAMETER: Final = re.compile(r"[<{](?:\w+:)?(\w+)\+?(?::\w+)?[>}]")
#: What a framework calls the parts of a request: https://flask.palletsprojects.com/en/stable/api/#flask.Request and
#: https://docs.powertools.aws.dev/lambda/python/latest/utilities/data_classes/#api-gateway-proxy
_QUERIES: Final = ("args", "query_params", "query_string_parameters", "values")
_BODIES: Final = ("json_body", "json", "get_json", "form")


def first_requests(template: Template, deployment: Deployment, code: Code, handler: str) -> tuple[Scenario, ...]:
    """The first requests for one handler, without those that are alike."""
    function = deployment.template.function(handler)
    calls = [call for call in map(_waking, function.triggers) if call is not None]
    shaped = () if calls else shaped_requests(template, code)
    found = [_told_apart(one) for one in shaped if one.at == handler and not one.attack]
    for trigger in http_triggers(function):
        routes = list(_routes(code, handler))
        for scenario in routes or [Scenario("", handler)]:
            found.append(_over_http(scenario, trigger))
    found += [Scenario("", "", given=(call,)) for call in calls]
    if not found:
        found.append(Scenario("", handler, parts={"event": {}}))
    return tuple({repr(one): one for one in found}.values())


def _told_apart(scenario: Scenario) -> Scenario:
    """The request with a string of its own in the place of each one, so that each is known where it arrives."""
    places = {place: f"value{number}" for number, place in enumerate(scenario.strings(), 1)}
    given = scenario.changed(lambda place, text: places[place] if text == "x" else text)
    body = given.parts.get("body")
    if isinstance(body, dict | list):
        return replace(given, parts={**given.parts, "body": Encoded("json", body)})
    return given


def _over_http(scenario: Scenario, trigger: Trigger) -> Scenario:
    """The request with what its trigger needs: a method, the parameters of its route, a body where there may be one."""
    method = scenario.method or method_of(trigger)
    method = "" if method in ("*", "ANY") else method
    parts: dict[str, Any] = {"query": {"q": "value1"}}
    names = [] if isinstance(scenario.parts.get("path"), str) else _PARAMETER.findall(route_of(trigger))
    if names:
        parts["path"] = {name: f"value{number}" for number, name in enumerate(names, 2)}
    if method not in _BODILESS:
        parts["body"] = "value9"
    return replace(scenario, method=method, parts={**parts, **scenario.parts})


def _routes(code: Code, handler: str) -> Iterator[Scenario]:
    """A request for each route that a framework calls with what the handler is given."""
    known = code.handlers.get(handler)
    for receiver in known.receivers if known is not None else ():
        for decorator in getattr(receiver.definition, "decorator_list", ()) if receiver.is_route else ():
            if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
                continue
            path = next((one.value for one in decorator.args if isinstance(one, ast.Constant)), None)
            if isinstance(path, str):
                yield _of_route(receiver, handler, path, _method(decorator))


def _method(decorator: ast.Call) -> str:
    assert isinstance(decorator.func, ast.Attribute)
    if decorator.func.attr in _METHODS:
        return decorator.func.attr.upper()
    named = [*decorator.args[1:], *(word.value for word in decorator.keywords)]
    texts = [one.value for value in named for one in ast.walk(value) if isinstance(one, ast.Constant)]
    return next((str(text).upper() for text in texts if str(text).lower() in _METHODS), "GET")


def _of_route(receiver: Receiver, handler: str, path: str, method: str) -> Scenario:
    names = _PARAMETER.findall(path)
    filled = path
    for number, _ in enumerate(names, 2):
        filled = _PARAMETER.sub(f"value{number}", filled, count=1)
    query: dict[str, str] = {"q": "value1"}
    body: dict[str, str] = {}
    for number, (part, name) in enumerate(_read(receiver), len(names) + 2):
        (query if part == "query" else body)[name] = f"value{number}"
    arguments = receiver.definition.args
    required = arguments.args[: len(arguments.args) - len(arguments.defaults)]
    for number, one in enumerate(required, 20):
        if one.arg not in names and one.arg not in ("self", "event", "context", "request"):
            query[one.arg] = f"value{number}"
    parts: dict[str, Any] = {"path": filled, "query": query}
    if method not in _BODILESS:
        parts["body"] = Encoded("json", body)
        parts["headers"] = {"Content-Type": "application/json"}
    return Scenario("", handler, False, parts, (), method)


def _read(receiver: Receiver) -> Iterator[tuple[str, str]]:
    """The names that a route takes out of a request's query and body, as they are written."""
    for node in ast.walk(receiver.definition):
        match node:
            case ast.Subscript(value=owner, slice=ast.Constant(value=str() as name)):
                pass
            case ast.Call(
                func=ast.Attribute(value=owner, attr="get" | "getlist"), args=[ast.Constant(value=str() as name), *_]
            ):
                pass
            case _:
                continue
        words = {one.attr for one in ast.walk(owner) if isinstance(one, ast.Attribute)}
        if words & {*_QUERIES}:
            yield "query", name
        elif words & {*_BODIES}:
            yield "body", name


def _waking(trigger: Trigger) -> Outside | None:
    """The call of AWS from outside the application that wakes a function through a trigger."""
    name = str(trigger.resource)
    match trigger.service:
        case "s3":
            affixes = {kind: str(text) for kind, text, _ in rules(trigger.settings)}
            key = f"{affixes.get('prefix', '')}value1{affixes.get('suffix', '')}"
            return Outside("s3", "put_object", {"Bucket": name, "Key": key, "Body": "value2"})
        case "sqs":
            url = f"https://sqs.us-east-1.amazonaws.com/123456789012/{name}"
            return Outside("sqs", "send_message", {"QueueUrl": url, "MessageBody": "value1"})
    return None
