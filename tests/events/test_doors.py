"""Doors without a lock, who guards them, and who else is reached from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab import App, load_app

Write = Callable[..., App]
NOTHING = "- {Effect: Allow, Action: 'logs:*', Resource: '*'}"


def open_doors(app: App) -> list[int]:
    return [one.span.line for one in app.advice if one.code == "no-authoriser"]


def served(application: Write, *events: str, more: str = "") -> App:
    listed = "\n".join(f"    - {event}" for event in events)
    return application(NOTHING, f"a:\n  handler: a.handler\n  events:\n{listed}\n{more}", a="def handler(e, c): pass\n")


@pytest.mark.parametrize(
    ("events", "count"),
    [
        (["http: GET x"], 1),
        (["http: {method: get, path: x, authorizer: aws_iam}"], 0),
        (["http: {method: options, path: x}"], 0),
        (["httpApi: {method: GET, path: /x, authorizer: {name: jwt}}"], 0),
        (["websocket: {route: $connect, authorizer: a}", "websocket: $default", "websocket: chat"], 0),
        (["websocket: $connect", "websocket: $default", "websocket: chat"], 1),
        (["websocket: $default"], 1),
        (["schedule: rate(1 day)", "sqs: 'arn:aws:sqs:eu-west-1:1:q'"], 0),
    ],
)
def test_a_door_needs_one_lock(application: Write, events: list[str], count: int) -> None:
    assert len(open_doors(served(application, *events))) == count


@pytest.mark.parametrize(
    "event",
    [
        "http: {method: get, path: x, authorizer: guard}",
        "http: {method: get, path: x, authorizer: {name: guard, type: request}}",
        "http: {method: get, path: x, authorizer: {arn: 'arn:aws:lambda:eu-west-1:1:function:demo-dev-guard'}}",
        "http: {method: get, path: x, authorizer: {arn: {Fn::GetAtt: [GuardLambdaFunction, Arn]}}}",
        "websocket: {route: $connect, authorizer: guard}",
    ],
)
def test_who_guards_a_door_gets_the_request(application: Write, event: str) -> None:
    app = served(application, event, more="guard: {handler: a.handler}")
    assert app.events.entries["guard"].kind == "public"
    assert "obsolete-function" not in {one.code for one in app.advice}


@pytest.mark.parametrize(
    ("event", "signed"),
    [
        ("http: {method: get, path: x, authorizer: aws_iam}", True),
        ("http: {method: get, path: x, authorizer: {type: AWS_IAM}}", True),
        ("httpApi: {method: get, path: /x, authorizer: {type: aws_iam}}", True),
        ("http: {method: get, path: x, authorizer: {type: COGNITO_USER_POOLS, authorizerId: b}}", False),
        ("http: {method: get, path: x}", False),
    ],
)
def test_whoever_signs_requests_is_an_outsider_with_credentials(application: Write, event: str, signed: bool) -> None:
    app = served(application, event)
    (entry,) = app.events.entries.values()
    assert entry.kind == "public"
    assert (entry.doubt is not None and "has credentials of AWS" in entry.doubt.text) is signed


def test_whoever_may_come_unsigned_by_another_way_needs_no_credentials(application: Write) -> None:
    app = served(application, "http: {method: get, path: x, authorizer: aws_iam}", "http: GET y")
    assert app.events.entries["a"].doubt is None


def test_a_guard_of_an_http_api_stands_at_the_provider(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def handler(e, c): pass\n", encoding="utf-8")
    (tmp_path / "serverless.yml").write_text(
        """service: demo
provider:
  name: aws
  runtime: python3.12
  httpApi: {authorizers: {own: {type: request, functionName: guard}}}
functions:
  a: {handler: a.handler, events: [{httpApi: {method: GET, path: /x, authorizer: {name: own}}}]}
  guard: {handler: a.handler}
""",
        encoding="utf-8",
    )
    assert load_app(tmp_path).events.entries["guard"].kind == "public"


SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties: {Auth: {Authorizers: {Own: {FunctionArn: !GetAtt Guard.Arn}}}}
  Guard:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.handler, Runtime: python3.12}
"""
RULE = """Resources:
  F: {Type: AWS::Lambda::Function, Properties: {Handler: a.handler, Runtime: python3.12}}
  Door: {Type: TYPE, Properties: PROPERTIES}
"""


@pytest.mark.parametrize(
    "template",
    [
        SAM,
        RULE.replace("TYPE", "AWS::AppSync::DataSource").replace(
            "PROPERTIES", "{LambdaConfig: {LambdaFunctionArn: !GetAtt F.Arn}}"
        ),
        RULE.replace("TYPE", "AWS::SES::ReceiptRule").replace(
            "PROPERTIES", "{Rule: {Actions: [{LambdaAction: {FunctionArn: !GetAtt F.Arn}}]}}"
        ),
    ],
)
def test_requests_queries_and_mails_come_from_outside(tmp_path: Path, template: str) -> None:
    (tmp_path / "a.py").write_text("def handler(e, c): pass\n", encoding="utf-8")
    (tmp_path / "template.yaml").write_text(template, encoding="utf-8")
    [entry] = load_app(tmp_path).events.entries.values()
    assert entry.kind == "public"
