"""The IAM action that a call needs, however it is made."""

from __future__ import annotations

import pytest

from sls_lab.services.actions import action_of
from tests.services.conftest import Calls


@pytest.mark.parametrize(
    ("statement", "action"),
    [
        ("boto3.client('dynamodb').query(TableName='t')", "dynamodb:Query"),
        ("boto3.client('dynamodb').get_paginator('scan').paginate(TableName='t')", "dynamodb:Scan"),
        ("boto3.client('dynamodb').get_paginator(event['operation']).paginate(TableName='t')", None),
        ("boto3.client('s3').generate_presigned_url('get_object', Params={})", "s3:GetObject"),
        ("boto3.client('s3').generate_presigned_url(ClientMethod='put_object', Params={})", "s3:PutObject"),
        ("boto3.client('s3').generate_presigned_url(event['method'], Params={})", None),
        ("boto3.resource('dynamodb').Table('t').put_item(Item={})", "dynamodb:PutItem"),
        ("boto3.resource('dynamodb').Table('t').scan()", "dynamodb:Scan"),
        ("boto3.resource('sns').Topic('t').publish(Message='m')", "sns:Publish"),
        ("boto3.resource('s3').Object('b', 'k').put(Body='x')", "s3:PutObject"),
        ("boto3.resource('s3').Object('b', 'k').wait_until_exists()", None),
    ],
)
def test_the_action_of_a_call(calls: Calls, statement: str, action: str | None) -> None:
    ((call, _),) = calls(statement)
    assert action_of(call) == action
