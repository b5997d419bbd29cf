"""By which permissions a call is judged: made-up names begin with the stack's, and clients may act as somebody else."""

from __future__ import annotations

import pytest

from tests.events.conftest import Write

FUNCTIONS = """send:
  handler: send.handler
  environment: {QUEUE: {Ref: Jobs}, BUCKET: {Ref: Inbox}}
  events: [{httpApi: POST /x}]
take:
  handler: take.handler
  events:
    - %s"""
RESOURCES = "Jobs: {Type: AWS::SQS::Queue}\nInbox: {Type: AWS::S3::Bucket}"
SEND = "boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody=event['b'])"
PUT = "boto3.client('s3').put_object(Bucket=os.environ['BUCKET'], Key=event['k'], Body=b'')"
ON_QUEUE = "sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}"
ON_BUCKET = "s3: {bucket: {Ref: Inbox}, existing: true}"
ALLOWED = "- {Effect: Allow, Action: ['sqs:SendMessage', 's3:PutObject'], Resource: '%s'}"


def status(application: Write, call: str, trigger: str, statements: str) -> tuple[str, bool]:
    app = application(
        statements,
        FUNCTIONS % trigger,
        RESOURCES,
        send=f"import os\ndef handler(event, context):\n    {call}\n",
        take="def handler(event, context):\n    return event\n",
    )
    (edge,) = app.events.edges
    return edge.status, edge.certain


@pytest.mark.parametrize(
    ("call", "trigger", "resource", "expected"),
    [
        (SEND, ON_QUEUE, "arn:aws:sqs:us-east-1:*:demo-dev-*", "linked"),
        (SEND, ON_QUEUE, "arn:aws:sqs:us-east-1:*:demo-dev-Jobs-*", "linked"),
        (SEND, ON_QUEUE, "arn:aws:sqs:us-east-1:*:demo-prod-*", "denied"),
        (SEND, ON_QUEUE, "arn:aws:sqs:us-east-1:*:demo-dev", "denied"),
        (SEND, ON_QUEUE, "arn:aws:sqs:us-east-1:*:Jobs", "denied"),
        (PUT, ON_BUCKET, "arn:aws:s3:::demo-dev-inbox-*/*", "linked"),
        (PUT, ON_BUCKET, "arn:aws:s3:::demo-dev-Inbox-*/*", "denied"),
    ],
)
def test_a_made_up_name_begins_with_the_stacks(
    application: Write, call: str, trigger: str, resource: str, expected: str
) -> None:
    assert status(application, call, trigger, ALLOWED % resource) == (expected, True)


CREDENTIALS = "aws_access_key_id='k', aws_secret_access_key='s', aws_session_token='t'"
PLACED = ".send_message(QueueUrl=os.environ['QUEUE'], MessageBody=event['b'])"


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        (f"boto3.client('sqs', {CREDENTIALS})", ("linked", False)),
        (f"boto3.Session({CREDENTIALS}).client('sqs')", ("linked", False)),
        ("boto3.Session(profile_name='other').client('sqs')", ("linked", False)),
        ("boto3.client('sqs', aws_session_token=None)", ("denied", True)),
        ("boto3.client('sqs', region_name='us-east-1')", ("denied", True)),
        ("boto3.Session().client('sqs')", ("denied", True)),
    ],
)
def test_a_client_with_credentials_of_its_own_may_be_allowed(
    application: Write, client: str, expected: tuple[str, bool]
) -> None:
    statements = "- {Effect: Allow, Action: 'sts:AssumeRole', Resource: '*'}"
    assert status(application, client + PLACED, ON_QUEUE, statements) == expected


def test_the_resource_of_such_a_client_acts_so_as_well(application: Write) -> None:
    call = f"boto3.resource('sqs', {CREDENTIALS}).Queue(os.environ['QUEUE']).send_message(MessageBody=event['b'])"
    assert status(application, call, ON_QUEUE, "- {Effect: Allow, Action: 'x:y', Resource: '*'}") == ("linked", False)
