"""Custom resources: whom a deployment wakes, and the notifications that the CDK declares by one."""

from __future__ import annotations

import pytest

from tests.template.cloudformation.conftest import Read

HEAD = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Handler: a.handler}}
Resources:
  Scan: {Type: AWS::Serverless::Function}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Inbox: {Type: AWS::S3::Bucket, Properties: {BucketName: inbox}}
"""


@pytest.mark.parametrize("type_name", ["Custom::Thing", "AWS::CloudFormation::CustomResource"])
@pytest.mark.parametrize("token", ["!GetAtt Scan.Arn", "!Sub 'arn:aws:lambda:eu-west-1:1:function:${Scan}'"])
def test_cloudformation_wakes_the_function_of_a_custom_resource(read: Read, type_name: str, token: str) -> None:
    part = read(HEAD + f"  Thing: {{Type: '{type_name}', Properties: {{ServiceToken: {token}}}}}\n")
    assert [(trigger.type, trigger.service) for trigger in part.functions[0].triggers] == [("customResource", None)]
    assert not part.diagnostics


def test_a_token_of_another_stack_wakes_nobody_here(read: Read) -> None:
    part = read(HEAD + "  Thing: {Type: Custom::Thing, Properties: {ServiceToken: !ImportValue provider}}\n")
    assert not part.functions[0].triggers
    assert not part.diagnostics


def test_the_notifications_of_the_cdk_are_those_of_the_bucket(read: Read) -> None:
    part = read(
        HEAD
        + """
  Helper: {Type: AWS::Serverless::Function}
  Notifications:
    Type: Custom::S3BucketNotifications
    Properties:
      ServiceToken: !GetAtt Helper.Arn
      BucketName: !Ref Inbox
      NotificationConfiguration:
        EventBridgeConfiguration: {}
        LambdaFunctionConfigurations:
          - Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
            Filter: {Key: {FilterRules: [{Name: prefix, Value: in/}]}}
            LambdaFunctionArn: !GetAtt Scan.Arn
        QueueConfigurations:
          - {Events: ["s3:ObjectCreated:*"], QueueArn: !GetAtt Queue.Arn}
"""
    )
    scan, helper = part.functions
    assert [(str(one.resource), one.settings["event"].text) for one in scan.triggers] == [
        ("inbox", "s3:ObjectCreated:*"),
        ("inbox", "s3:ObjectRemoved:*"),
    ]
    [rule] = scan.triggers[0].settings["rules"].items
    assert rule.mapping["prefix"].text == "in/"
    assert [trigger.type for trigger in helper.triggers] == ["customResource"]
    assert {(relay.source_service, str(relay.source), relay.target_service) for relay in part.relays} == {
        ("s3", "inbox", "events"),
        ("s3", "inbox", "sqs"),
    }
    assert not part.diagnostics
