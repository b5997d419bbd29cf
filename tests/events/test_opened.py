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
READING = "{SQSPollerPolicy: {QueueName: !GetAtt Jobs.QueueName}}"


@pytest.mark.parametrize(
    ("policies", "trigger", "public"),
    [
        (TO_QUEUE, API, {"Front", "Work"}),
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
