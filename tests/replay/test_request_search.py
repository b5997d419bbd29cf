"""Requests for an application that brings none are found by trying: what handlers ask for is added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sls_lab.code import read_code
from sls_lab.facts import Span
from sls_lab.replay import Simulation
from sls_lab.replay.confirmation import Confirmation
from sls_lab.replay.confirming import confirm
from sls_lab.replay.request_search import Search
from sls_lab.taint.model import Endpoint, Flow, Rule, Step, TaintReport

pytestmark = pytest.mark.posix

Written = Callable[..., Any]
Simulated = Callable[[Any], Simulation]
HTTP = "handler: a.handler\nevents: [{httpApi: 'POST /orders/{order}'}]"
SHOP = """
resources:
  Resources:
    Shop:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: shop
        AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
        KeySchema: [{AttributeName: id, KeyType: HASH}]
        BillingMode: PAY_PER_REQUEST
"""


def tried(template: Any, simulation: Simulation, rule: str, sink: str, at: str = "a", **more: Any) -> Confirmation:
    """What becomes of the flow from the events of `a` to the line of a file that ends with `# sink`."""
    code = read_code(template)
    file, lines = next(
        (file, [number for number, line in enumerate(module.text.split("\n"), 1) if line.endswith("# sink")])
        for file, module in code.modules.items()
        if file == sink
    )
    end = Endpoint(at, Span(file, lines[0], 0, lines[0], 99), "", rule)
    start = Endpoint("a", Span("a.py", 1, 0, 1, 1), "event", "UserControlled", "public")
    flow = Flow(
        Rule(1, rule, "x", "x", "high", "CWE-1", ""), start, end, (Step("sink", at, end.span, "", ""),), 0, **more
    )
    report = TaintReport((flow,), "live", {}, ("a",), (), (), {})
    return confirm(simulation, report, (), search=Search(simulation, template, code)).flows[0]


PICKY = """
    import dataclasses
    import json
    import os
    import re

    KINDS = {"small": 1, "large": 2}

    @dataclasses.dataclass
    class Order:
        name: str
        kind: str
        lines: list

    def handler(event, context):
        if not event["headers"].get("x-client", "").startswith("shop/"):
            return {"statusCode": 403}
        order = Order(**json.loads(event["body"]))
        if order.kind not in KINDS or not re.match(r"[a-z]{3,9}", order.name):
            return {"statusCode": 422, "body": "kind and name are required"}
        for line in order.lines:
            if int(line["amount"]) > 0 and line.get("unit") == "kg":
                os.system(f"weigh {QUOTED}")  # sink
        return {"statusCode": 200}
"""


@pytest.mark.parametrize(
    ("quoted", "status"), [("line['item']", "confirmed"), ("__import__('shlex').quote(line['item'])", "not-confirmed")]
)
def test_fields_choices_numbers_and_lists_are_found(
    written: Written, simulated: Simulated, quoted: str, status: str
) -> None:
    template = written({"a.py": PICKY.replace("QUOTED", quoted)}, {"a": HTTP})
    found = tried(template, simulated(template), "ShellCommand", "a.py")
    assert found.status == status, found.why


READING = """
    import os
    import boto3

    table = boto3.resource("dynamodb").Table("shop")

    def handler(event, context):
        found = table.get_item(Key={"id": event["pathParameters"]["order"]})
        if "Item" not in found:
            return {"statusCode": 404}
        if found["Item"]["owner"] != event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]:
            return {"statusCode": 403}
        return os.system(f"print {found['Item']['printer']} {event['queryStringParameters']['title']}")  # sink
"""


def test_what_a_handler_looks_up_is_stored_before(written: Written, simulated: Simulated) -> None:
    template = written({"a.py": READING}, {"a": HTTP}, SHOP)
    found = tried(template, simulated(template), "ShellCommand", "a.py")
    assert found.status == "confirmed", found.why
    assert found.request is not None
    assert [call.api for call in found.request.given] == ["put_item"]


KEEPING = """
    import json
    import boto3

    def handler(event, context):
        form = json.loads(event["body"])
        boto3.resource("dynamodb").Table("shop").put_item(Item={"id": form["id"].upper(), "rule": form["rule"]})
        return {"statusCode": 201}
"""
USING = """
    import json
    import boto3

    def handler(event, context):
        key = {"id": {"S": json.loads(event["body"])["shop"].upper()}}
        found = boto3.client("dynamodb").get_item(TableName="shop", Key=key)
        return {"statusCode": 200, "body": str(eval(found["Item"]["rule"]["S"]))}  # sink
"""


def test_a_later_request_looks_for_what_an_earlier_one_has_stored(written: Written, simulated: Simulated) -> None:
    functions = {"a": HTTP, "b": "handler: b.handler\nevents: [{http: {path: price, method: any}}]"}
    template = written({"a.py": KEEPING, "b.py": USING}, functions, SHOP)
    found = tried(template, simulated(template), "CodeEvaluation", "b.py", "b", second_order=True)
    assert found.status == "confirmed", found.why
    assert found.request is not None
    assert found.request.given == ()  # it is the first request that stores it, nobody else


PREFIXED = """
    import urllib.request

    def handler(event, context):
        if event["rawPath"] != "/orders/latest":
            return {"statusCode": 404}
        address = event["queryStringParameters"]["from"]
        if not address.startswith("https://hooks.example"):
            return {"statusCode": 422}
        return urllib.request.urlopen(address).status  # sink
"""


def test_an_attack_begins_with_what_a_guard_asks_for(written: Written, simulated: Simulated) -> None:
    template = written({"a.py": PREFIXED}, {"a": HTTP})
    found = tried(template, simulated(template), "RequestUrl", "a.py")
    assert found.status == "confirmed", found.why
    assert found.sent.startswith("https://hooks.example")


FLASK = """
    import os
    from flask import Flask, request

    app = Flask(__name__)

    @app.route("/shops/<shop>/print", methods=["POST"])
    def show(shop):
        if request.args["mode"] == "fast":
            os.system("lp " + request.get_json()["title"])  # sink
        return shop
"""


def test_routes_of_a_framework_behind_a_plugin_are_called(written: Written, simulated: Simulated) -> None:
    handler = "handler: wsgi_handler.handler\nevents: [{http: {path: '/{proxy+}', method: any}}]"
    more = "\ncustom: {wsgi: {app: a.app}}\nplugins: [serverless-wsgi]\n"
    template = written({"a.py": FLASK}, {"a": handler}, more)
    found = tried(template, simulated(template), "ShellCommand", "a.py")
    assert found.status == "confirmed", found.why
    assert found.request is not None
    assert found.request.event["path"] == "/shops/value2/print"


SLACK = """
    import os
    from urllib.parse import parse_qs

    def handler(event, context):
        form = parse_qs(event["body"])
        if form["command"][0] == "/deploy":
            os.system(f"deploy {form['text'][0]}")  # sink
"""


def test_a_form_is_filled_in(written: Written, simulated: Simulated) -> None:
    template = written({"a.py": SLACK}, {"a": HTTP})
    found = tried(template, simulated(template), "ShellCommand", "a.py")
    assert found.status == "confirmed", found.why
