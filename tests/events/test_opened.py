"""A function in another language that anyone can wake passes on what it is sent, as far as its role says."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
  Front:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs20.x
      Policies: [%s]
      Events: {Api: {Type: %s}}
  Middle:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs20.x
      Policies: [{SNSPublishMessagePolicy: {TopicName: !GetAtt News.TopicName}}]
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Handler: work.handler
      Runtime: python3.12
      Events:
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
  Tell:
    Type: AWS::Serverless::Function
    Properties:
      Handler: work.handler
      Runtime: python3.12
      Events:
        Topic: {Type: SNS, Properties: {Topic: !Ref News}}
"""
API = "HttpApi, Properties: {Path: /x, Method: post}"
CLOCK = "Schedule, Properties: {Schedule: rate(1 day)}"
TO_QUEUE = "{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}"
TO_MIDDLE = "{LambdaInvokePolicy: {FunctionName: !Ref Middle}}"
DENIED = "{Statement: [{Effect: Deny, Action: 'sqs:SendMessage', Resource: '*'}]}"
READING = "{SQSPollerPolicy: {QueueName: !GetAtt Jobs.QueueName}}"


SHARED = """service: demo
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: {Fn::GetAtt: [Jobs, Arn]}}]}}
functions:
  front: {handler: index.handler, runtime: nodejs20.x, events: [{httpApi: POST /x}]}
  work: {handler: work.handler, events: [{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}]}
  send: {handler: send.handler, environment: {QUEUE: {Ref: Jobs}}, events: [{schedule: rate(1 day)}]}
resources: {Resources: {Jobs: {Type: AWS::SQS::Queue}}}
"""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return event", "public"),
        ("boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody='tick')", "internal"),
    ],
)
def test_a_shared_permission_that_is_seen_to_be_used_says_nothing(tmp_path: Path, body: str, kind: str) -> None:
    (tmp_path / "serverless.yml").write_text(SHARED, encoding="utf-8")
    (tmp_path / "work.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    code = f"import os\nimport boto3\ndef handler(event, context):\n    {body}\n"
    (tmp_path / "send.py").write_text(code, encoding="utf-8")
    assert load_app(tmp_path).events.entries["work"].kind == kind


@pytest.mark.parametrize(
    ("policies", "trigger", "public"),
    [
        (TO_QUEUE, API, {"Front", "Work"}),
        (f"{TO_QUEUE}, {DENIED}", API, {"Front"}),
        (READING, API, {"Front"}),
        ("AdministratorAccess", API, {"Front"}),
        (TO_QUEUE, CLOCK, set()),
        (TO_MIDDLE, API, {"Front", "Middle", "Tell"}),
    ],
)
def test_whom_anyone_can_wake(tmp_path: Path, policies: str, trigger: str, public: set[str]) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE % (policies, trigger), encoding="utf-8")
    (tmp_path / "work.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    entries = load_app(tmp_path).events.entries
    assert {name for name, entry in entries.items() if entry.kind == "public"} == public


BUS = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Handler: work.handler}}
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: open, ProtocolType: HTTP}}
  Tell:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationSubtype: EventBridge-PutEvents
      RequestParameters: {Source: web, DetailType: said, Detail: $request.body}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: POST /tell, Target: !Sub "integrations/${Tell}"}
  Inbox: {Type: AWS::SQS::Queue}
  Rule:
    Type: AWS::Events::Rule
    Properties: {EventPattern: %s, Targets: [{Id: inbox, Arn: !GetAtt Inbox.Arn}]}
  Behind:
    Type: AWS::Serverless::Function
    Properties: {Events: {Queue: {Type: SQS, Properties: {Queue: !GetAtt Inbox.Arn}}}}
  Direct:
    Type: AWS::Serverless::Function
    Properties: {Events: {Rule: {Type: EventBridgeRule, Properties: {Pattern: %s}}}}
"""


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("{source: [web]}", "public"),
        ("{detail-type: [said]}", "public"),
        ("{source: [web], detail: {a: [b]}}", "public"),
        ("{source: [shop]}", "external"),
        ("{source: [web], detail-type: [sold]}", "external"),
        ("{source: [web], region: [eu-west-1]}", "public"),
    ],
)
def test_a_pattern_may_keep_out_what_an_api_puts_on_a_bus(tmp_path: Path, pattern: str, kind: str) -> None:
    (tmp_path / "template.yaml").write_text(BUS.replace("%s", pattern), encoding="utf-8")
    (tmp_path / "work.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    entries = load_app(tmp_path).events.entries
    assert {name: entry.kind for name, entry in entries.items()} == {"Behind": kind, "Direct": kind}
