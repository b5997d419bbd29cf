"""Which events a helper raises for which of its callers."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from sls_lab import App
from sls_lab.events import Ways

Write = Callable[..., App]

TEMPLATE = """send: {handler: send.handler, events: [{httpApi: POST /x}]}
left: {handler: take.handler, events: [{s3: {bucket: left, event: "s3:ObjectCreated:*"}}]}
right: {handler: take.handler, events: [{s3: {bucket: right, event: "s3:ObjectCreated:*", rules: [{prefix: in/}]}}]}
"""
SEND = """

def save(bucket, key):
    boto3.client("s3").put_object(Bucket=bucket, Key=key)


def handler(event, context):
    save("left", event["a"])
    save("right", "in/" + event["b"])
    save("right", "out/" + event["c"])
    save(event["bucket"], event["d"])
"""
ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"


def places(app: App) -> list[ast.Call]:
    """The calls of `save`, in order."""
    tree = app.code.modules["send.py"].tree
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "save"]


@pytest.mark.parametrize(
    ("caller", "woken"), [(0, {"left"}), (1, {"right"}), (2, set()), (3, {"left", "right"}), (None, {"left", "right"})]
)
def test_a_helpers_call_wakes_what_its_caller_names(application: Write, caller: int | None, woken: set[str]) -> None:
    app = application(ANYTHING, TEMPLATE, send=SEND, take="def handler(event, context):\n    return event\n")
    ways = Ways(app.template, app.code)
    linked = [edge for edge in app.events.edges if edge.linked]
    calls = [] if caller is None else [places(app)[caller]]
    assert {edge.target for edge in linked if ways.holds(edge, calls)} == woken


def test_of_a_way_that_was_not_followed_nothing_is_known(application: Write) -> None:
    app = application(ANYTHING, TEMPLATE, send=SEND, take="def handler(event, context):\n    return event\n")
    ways = Ways(app.template, app.code)
    elsewhere = ast.parse("save()").body
    assert all(ways.holds(edge, elsewhere) for edge in app.events.edges if edge.linked)
