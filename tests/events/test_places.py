"""A resource is its name in one account and one region: what has its name elsewhere is another one."""

from __future__ import annotations

import pytest

from tests.events.conftest import Write

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
FUNCTIONS = """send:
  handler: send.handler
  environment: {QUEUE: {Ref: Jobs}}
  events: [{httpApi: POST /x}]
take:
  handler: take.handler
  events: [%s]"""
RESOURCES = "Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}"
SQS = "boto3.client('sqs').send_message(QueueUrl=%s, MessageBody='m')"
URL = "'https://sqs.eu-west-2.amazonaws.com/1/jobs'"
SNS = "boto3.client('sns').publish(TopicArn='arn:aws:sns:%s:news', Message='m')"
KINESIS = "boto3.client('kinesis').put_record(%s, Data=b'', PartitionKey='p')"


@pytest.mark.parametrize(
    ("call", "trigger", "linked"),
    [
        (SQS % "'https://sqs.eu-west-1.amazonaws.com/1/jobs'", "{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}", True),
        (SQS % "'https://sqs.eu-west-1.amazonaws.com/2/jobs'", "{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}", False),
        (SQS % "'https://sqs.eu-west-2.amazonaws.com/1/jobs'", "{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}", False),
        (
            SQS % "event['q'] or 'https://sqs.eu-west-2.amazonaws.com/1/jobs'",
            "{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}",
            True,
        ),
        (SQS % "os.environ['QUEUE']", "{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}", True),
        (SQS % "'https://sqs.eu-west-1.amazonaws.com/2/jobs'", "{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}", True),
        (SNS % "eu-west-1:1", "{sns: 'arn:aws:sns:eu-west-1:1:news'}", True),
        (SNS % "eu-west-1:1", "{sns: 'arn:aws:sns:us-east-1:1:news'}", False),
        (
            KINESIS % "StreamName='raw'",
            "{stream: {type: kinesis, arn: 'arn:aws:kinesis:eu-west-1:1:stream/raw'}}",
            True,
        ),
        (
            KINESIS % "StreamARN='arn:aws:kinesis:eu-west-1:2:stream/raw'",
            "{stream: {type: kinesis, arn: 'arn:aws:kinesis:eu-west-1:1:stream/raw'}}",
            False,
        ),
    ],
)
def test_another_account_or_region_is_another_resource(
    application: Write, call: str, trigger: str, linked: bool
) -> None:
    app = application(
        ANYTHING,
        FUNCTIONS % trigger,
        RESOURCES,
        send=f"import os\ndef handler(event, context):\n    {call}\n",
        take="def handler(event, context):\n    return event\n",
    )
    assert [edge.target for edge in app.events.edges if edge.linked] == (["take"] if linked else [])
