"""What a woken handler is given, computed from values, has the fields and types that AWS documents."""

from __future__ import annotations

import ast
import base64
import json
from typing import Any

import pytest

from sls_lab.facts import Pattern, Span
from sls_lab.services import SERVICES, payload_of, raises
from sls_lab.template.shared.node import Node
from tests.services import documented
from tests.services.conftest import Calls
from tests.services.documented import differences

URL = "'https://sqs.eu-west-1.amazonaws.com/1/q'"
ATTRIBUTES = "{'kind': {'DataType': 'String', 'StringValue': event['k']}}"
TABLE = "boto3.resource('dynamodb').Table('notes')"

# call: (the documented event, what arrives by its path)
CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "boto3.client('s3').put_object(Bucket='b', Key='in/' + event['k'], Body=b'')": (
        documented.S3,
        {
            "Records.0.s3.object.key": "in/K",
            "Records.0.s3.bucket.name": "b",
            "Records.0.s3.bucket.arn": "arn:aws:s3:::b",
        },
    ),
    "[boto3.resource('s3').Object('b', event['k']).delete()]": (
        documented.S3,
        {"Records.0.s3.object.key": "K", "Records.0.eventName": "ObjectRemoved:Delete"},
    ),
    f"boto3.client('sqs').send_message(QueueUrl={URL}, MessageBody=event['k'], MessageGroupId='g', "
    f"MessageAttributes={ATTRIBUTES})": (
        documented.SQS,
        {
            "Records.0.body": "K",
            "Records.0.attributes.MessageGroupId": "g",
            "Records.0.messageAttributes.kind.stringValue": "K",
        },
    ),
    f"boto3.client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:t', Message=event['k'], Subject='s', "
    f"MessageAttributes={ATTRIBUTES})": (
        documented.SNS,
        {
            "Records.0.Sns.Message": "K",
            "Records.0.Sns.Subject": "s",
            "Records.0.Sns.MessageAttributes.kind.Value": "K",
            "Records.0.Sns.MessageAttributes.kind.Type": "String",
        },
    ),
    f"{TABLE}.put_item(Item={{'id': str(event['k']), 'n': 7, 'on': True, 'list': ['a'], 'map': {{'x': 'y'}}}})": (
        documented.DYNAMODB,
        {
            "Records.0.dynamodb.NewImage.id.S": "K",
            "Records.0.dynamodb.NewImage.n.N": "7",
            "Records.0.dynamodb.NewImage.on.BOOL": True,
            "Records.0.dynamodb.NewImage.list.L.0.S": "a",
            "Records.0.dynamodb.NewImage.map.M.x.S": "y",
        },
    ),
    f"{TABLE}.delete_item(Key={{'id': str(event['k'])}})": (
        documented.DYNAMODB,
        {"Records.0.eventName": "REMOVE", "Records.0.dynamodb.Keys.id.S": "K"},
    ),
    "boto3.client('firehose').put_record(DeliveryStreamName='c', Record={'Data': event['k'].encode()})": (
        documented.FIREHOSE,
        {"records.0.data": "Sw=="},
    ),
    "boto3.client('kinesis').put_record(StreamName='c', Data=event['k'].encode(), PartitionKey='p')": (
        documented.KINESIS,
        {"Records.0.kinesis.partitionKey": "p"},
    ),
    "boto3.client('events').put_events(Entries=[{'Source': 's', 'DetailType': 'd', "
    "'Detail': json.dumps({'who': event['k']}), 'Resources': ['r']}])": (
        documented.EVENTS,
        {"detail.who": "K", "source": "s", "detail-type": "d", "resources.0": "r"},
    ),
}


def value_at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def as_given(value: Any) -> Any:
    """The event as JSON carries it: base64 as text."""
    if isinstance(value, dict):
        return {key: as_given(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_given(inner) for inner in value]
    return value.decode() if isinstance(value, bytes) else value


def delivered(calls: Calls, body: str, **settings: Node) -> Any:
    [(call, view)] = calls(body)
    payloads = tuple(payload_of(raised, call, view) for raised in raises(call, view))
    expression = SERVICES[payloads[0].service].lambda_event(payloads, settings)
    code = compile(ast.fix_missing_locations(ast.Expression(expression)), "event", "eval")
    return as_given(eval(code, {"json": json, "base64": base64, "event": {"k": "K"}}))


@pytest.mark.parametrize("body", CASES)
def test_the_event_has_the_documented_shape(calls: Calls, body: str) -> None:
    shape, expected = CASES[body]
    event = delivered(calls, body)
    assert differences(event, shape) == []
    assert {path: value_at(event, path) for path in expected} == expected


def test_data_of_a_stream_arrives_in_base64(calls: Calls) -> None:
    event = delivered(calls, next(body for body in CASES if "kinesis" in body))
    assert base64.b64decode(event["Records"][0]["kinesis"]["data"]) == b"K"


@pytest.mark.parametrize(
    ("view_type", "images"),
    [
        ("KEYS_ONLY", set()),
        ("NEW_IMAGE", {"NewImage"}),
        ("OLD_IMAGE", {"OldImage"}),
        ("NEW_AND_OLD_IMAGES", {"NewImage", "OldImage"}),
    ],
)
def test_a_view_type_decides_which_images_there_are(calls: Calls, view_type: str, images: set[str]) -> None:
    setting = Node(Pattern.of(view_type), Span("serverless.yml", 1, 0, 1, 1))
    event = delivered(calls, f"{TABLE}.put_item(Item={{'id': '1'}})", viewType=setting)
    record = event["Records"][0]["dynamodb"]
    assert record["StreamViewType"] == view_type
    assert {"NewImage", "OldImage"} & set(record) == images
