"""Data Firehose: records pass a transforming function and end in a bucket."""

from __future__ import annotations

import ast

import pytest

from sls_lab import App
from sls_lab.services import event_objects
from tests.events.conftest import Write, definition

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
FUNCTIONS = """send:
  handler: send.handler
  events: [{httpApi: POST /x}]
clean:
  handler: clean.handler
stored:
  handler: stored.handler
  events: [{s3: {bucket: %s, existing: true, rules: [{prefix: in/}]}}]"""
STREAM = """Clicks:
  Type: AWS::KinesisFirehose::DeliveryStream
  Properties:
    DeliveryStreamName: clicks
    ExtendedS3DestinationConfiguration:
      BucketARN: arn:aws:s3:::archive
      Prefix: %s
      ProcessingConfiguration:
        Enabled: %s
        Processors:
          - Type: RecordDeAggregation
          - {Type: Lambda, Parameters: [{ParameterName: NumberOfRetries, ParameterValue: "1"},
             {ParameterName: LambdaArn, ParameterValue: {Fn::GetAtt: [CleanLambdaFunction, Arn]}}]}"""
PUT = "boto3.client('firehose').put_record(DeliveryStreamName='clicks', Record={'Data': event['body']})"


def app_of(
    application: Write,
    call: str = PUT,
    bucket: str = "archive",
    prefix: str = "in/",
    enabled: str = "true",
    more: str = "",
) -> App:
    """A function that puts records, one that transforms them, and one that the bucket wakes."""
    return application(
        ANYTHING,
        FUNCTIONS % bucket,
        STREAM % (prefix, enabled) + more,
        send=f"def handler(event, context):\n    {call}\n",
        clean="def handler(event, context):\n    return event\n",
        stored="def handler(event, context):\n    return event\n",
    )


def edges_of(app: App) -> list[tuple[str | None, str, tuple[str, ...]]]:
    return [(edge.target, edge.status, edge.via) for edge in app.events.edges]


@pytest.mark.parametrize(
    "call",
    [PUT, "boto3.client('firehose').put_record_batch(DeliveryStreamName='clicks', Records=[{'Data': event['body']}])"],
)
def test_the_transforming_function_gets_the_records(application: Write, call: str) -> None:
    app = app_of(application, call)
    assert edges_of(app) == [("clean", "linked", ()), ("stored", "linked", ("s3:archive",))]
    (delivered,) = event_objects(app.events.edges[0], definition(app))
    records = "[{'recordId': '1', 'data': base64.b64encode(event['body'])}]"
    assert ast.unparse(delivered.expression) == f"{{'invocationId': '1', 'records': {records}}}"
    assert app.events.entries["clean"].kind == "internal"


def test_the_name_of_the_stored_object_is_the_senders(application: Write) -> None:
    app = app_of(application)
    (delivered,) = event_objects(app.events.edges[1], definition(app))
    assert "event" not in {node.id for node in ast.walk(delivered.expression) if isinstance(node, ast.Name)}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"enabled": "false"}, [("stored", "linked", ("s3:archive",))]),
        ({"bucket": "elsewhere"}, [("clean", "linked", ())]),
        ({"prefix": "out/"}, [("clean", "linked", ()), ("stored", "filtered", ("s3:archive",))]),
        ({"call": PUT.replace("clicks", "views")}, []),
    ],
)
def test_the_template_decides_who_is_reached(
    application: Write, changed: dict[str, str], expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert edges_of(app_of(application, **changed)) == expected


def test_a_stream_feeds_a_delivery_stream(application: Write) -> None:
    source = "\n    KinesisStreamSourceConfiguration: {KinesisStreamARN: arn:aws:kinesis:eu-west-1:1:stream/raw}"
    call = "boto3.client('kinesis').put_record(StreamName='raw', Data=event['body'], PartitionKey='1')"
    app = app_of(application, call, more=source)
    assert edges_of(app)[0] == ("clean", "linked", ("firehose:clicks",))
