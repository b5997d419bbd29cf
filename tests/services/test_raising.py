"""Which calls raise events, where the resource's name stands, and which permission each needs."""

from __future__ import annotations

import pytest

from sls_lab.services import SERVICES, raises
from tests.services.conftest import Calls

BATCH = "boto3.client('sqs').send_message_batch"
S3, DDB = "boto3.client('s3')", "boto3.client('dynamodb')"
TABLE = "boto3.resource('dynamodb').Table('notes')"
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:news"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:approval"
PUT, MULTIPART = "ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload"
REMOVED = "ObjectRemoved:Delete ObjectRemoved:DeleteMarkerCreated"

# call: (service, resource, names of the events, permission)
CASES: dict[str, tuple[str, str, str, str]] = {
    f"{S3}.put_object(Bucket='b', Key='k')": ("s3", "b", PUT, "s3:PutObject"),
    f"{S3}.upload_file('/tmp/f', 'b', 'k')": ("s3", "b", f"{PUT} {MULTIPART}", "s3:PutObject"),
    f"{S3}.upload_fileobj(open('/tmp/f'), 'b', 'k')": ("s3", "b", f"{PUT} {MULTIPART}", "s3:PutObject"),
    f"{S3}.copy_object(Bucket='b', Key='k', CopySource='a/k')": ("s3", "b", "ObjectCreated:Copy", "s3:PutObject"),
    f"{S3}.copy({{'Bucket': 'a', 'Key': 'k'}}, 'b', 'k')": (
        "s3",
        "b",
        f"ObjectCreated:Copy {MULTIPART}",
        "s3:PutObject",
    ),
    f"{S3}.complete_multipart_upload(Bucket='b', Key='k', UploadId='1')": ("s3", "b", MULTIPART, "s3:PutObject"),
    f"{S3}.delete_object(Bucket='b', Key='k')": ("s3", "b", REMOVED, "s3:DeleteObject"),
    f"{S3}.delete_objects(Bucket='b', Delete={{'Objects': [{{'Key': 'k'}}]}})": (
        "s3",
        "b",
        REMOVED,
        "s3:DeleteObject",
    ),
    f"{S3}.generate_presigned_url('put_object', Params={{'Bucket': 'b', 'Key': 'k'}})": (
        "s3",
        "b",
        PUT,
        "s3:PutObject",
    ),
    f"{S3}.generate_presigned_post('b', 'k')": ("s3", "b", "ObjectCreated:Post", "s3:PutObject"),
    f"{DDB}.execute_statement(Statement=\"INSERT INTO notes VALUE {{'id': ?}}\", Parameters=[{{'S': 'x'}}])": (
        "dynamodb",
        "notes",
        "INSERT",
        "dynamodb:PartiQLInsert",
    ),
    f"{DDB}.execute_transaction(TransactStatements=[{{'Statement': 'DELETE FROM notes WHERE id=?'}}])": (
        "dynamodb",
        "notes",
        "REMOVE",
        "dynamodb:PartiQLDelete",
    ),
    "boto3.resource('s3').Bucket('b').put_object(Key='k')": ("s3", "b", PUT, "s3:PutObject"),
    "boto3.resource('s3').Bucket('b').upload_file('/tmp/f', 'k')": ("s3", "b", f"{PUT} {MULTIPART}", "s3:PutObject"),
    "boto3.resource('s3').Object('b', 'k').put(Body='x')": ("s3", "b", PUT, "s3:PutObject"),
    "boto3.resource('s3').Object('b', 'k').copy_from(CopySource='a/k')": (
        "s3",
        "b",
        "ObjectCreated:Copy",
        "s3:PutObject",
    ),
    "boto3.resource('s3').Object('b', 'k').delete()": ("s3", "b", REMOVED, "s3:DeleteObject"),
    "boto3.resource('s3').Bucket('b').objects.filter(Prefix='in/').delete()": (
        "s3",
        "b",
        REMOVED,
        "s3:DeleteObject",
    ),
    f"{DDB}.put_item(TableName='notes', Item={{}})": ("dynamodb", "notes", "INSERT MODIFY", "dynamodb:PutItem"),
    f"{DDB}.update_item(TableName='notes', Key={{}})": ("dynamodb", "notes", "INSERT MODIFY", "dynamodb:UpdateItem"),
    f"{DDB}.delete_item(TableName='notes', Key={{}})": ("dynamodb", "notes", "REMOVE", "dynamodb:DeleteItem"),
    f"{TABLE}.put_item(Item={{}})": ("dynamodb", "notes", "INSERT MODIFY", "dynamodb:PutItem"),
    f"{TABLE}.delete_item(Key={{}})": ("dynamodb", "notes", "REMOVE", "dynamodb:DeleteItem"),
    f"{DDB}.batch_write_item(RequestItems={{'notes': [{{'PutRequest': {{'Item': {{}}}}}}]}})": (
        "dynamodb",
        "notes",
        "INSERT MODIFY",
        "dynamodb:BatchWriteItem",
    ),
    f"{DDB}.batch_write_item(RequestItems={{'notes': [{{'DeleteRequest': {{'Key': {{}}}}}}]}})": (
        "dynamodb",
        "notes",
        "REMOVE",
        "dynamodb:BatchWriteItem",
    ),
    f"{DDB}.transact_write_items(TransactItems=[{{'Delete': {{'TableName': 'notes', 'Key': {{}}}}}}])": (
        "dynamodb",
        "notes",
        "REMOVE",
        "dynamodb:DeleteItem",
    ),
    f"with {TABLE}.batch_writer() as batch: batch.put_item(Item={{}})": (
        "dynamodb",
        "notes",
        "INSERT MODIFY",
        "dynamodb:BatchWriteItem",
    ),
    f"boto3.client('sqs').send_message(QueueUrl='{URL}', MessageBody='x')": ("sqs", "jobs", "", "sqs:SendMessage"),
    f"{BATCH}(QueueUrl='{URL}', Entries=[{{'Id': '1', 'MessageBody': 'x'}}])": (
        "sqs",
        "jobs",
        "",
        "sqs:SendMessage",
    ),
    "boto3.resource('sqs').get_queue_by_name(QueueName='jobs').send_message(MessageBody='x')": (
        "sqs",
        "jobs",
        "",
        "sqs:SendMessage",
    ),
    f"boto3.resource('sqs').Queue('{URL}').send_message(MessageBody='x')": ("sqs", "jobs", "", "sqs:SendMessage"),
    f"boto3.client('sns').publish(TopicArn='{TOPIC}', Message='x')": ("sns", "news", "", "sns:Publish"),
    f"boto3.client('sns').publish(TargetArn='{TOPIC}', Message='x')": ("sns", "news", "", "sns:Publish"),
    f"boto3.resource('sns').Topic('{TOPIC}').publish(Message='x')": ("sns", "news", "", "sns:Publish"),
    "boto3.client('lambda').invoke(FunctionName='resize')": ("lambda", "resize", "", "lambda:InvokeFunction"),
    "boto3.client('lambda').invoke(FunctionName='arn:aws:lambda:eu-west-1:123456789012:function:resize:live')": (
        "lambda",
        "resize",
        "",
        "lambda:InvokeFunction",
    ),
    "boto3.client('lambda').invoke(FunctionName='123456789012:function:resize')": (
        "lambda",
        "resize",
        "",
        "lambda:InvokeFunction",
    ),
    "boto3.client('events').put_events(Entries=[{'Source': 's', 'DetailType': 'd', 'Detail': '{}'}])": (
        "events",
        "default",
        "",
        "events:PutEvents",
    ),
    "boto3.client('events').put_events(Entries=[{'Detail': '{}', 'EventBusName': 'shop'}])": (
        "events",
        "shop",
        "",
        "events:PutEvents",
    ),
    "boto3.client('kinesis').put_record(StreamName='clicks', Data=b'', PartitionKey='1')": (
        "kinesis",
        "clicks",
        "",
        "kinesis:PutRecord",
    ),
    "boto3.client('kinesis').put_records(StreamName='clicks', Records=[{'Data': b'', 'PartitionKey': '1'}])": (
        "kinesis",
        "clicks",
        "",
        "kinesis:PutRecords",
    ),
    f"boto3.client('stepfunctions').start_execution(stateMachineArn='{MACHINE}')": (
        "stepfunctions",
        "approval",
        "",
        "states:StartExecution",
    ),
    "boto3.client('firehose').put_record(DeliveryStreamName='clicks', Record={'Data': b'x'})": (
        "firehose",
        "clicks",
        "",
        "firehose:PutRecord",
    ),
    "boto3.client('firehose').put_record_batch(DeliveryStreamName='clicks', Records=[{'Data': b'x'}])": (
        "firehose",
        "clicks",
        "",
        "firehose:PutRecordBatch",
    ),
    "boto3.client('iot-data').publish(topic='doors/open', payload='{}')": (
        "iot-data",
        "message broker",
        "",
        "iot:Publish",
    ),
    f"boto3.client('scheduler').create_schedule(Name='approval', Target={{'Arn': '{MACHINE}', 'RoleArn': 'r'}})": (
        "scheduler",
        "approval",
        "",
        "scheduler:CreateSchedule",
    ),
    f"boto3.client('scheduler').update_schedule(Name='approval', Target={{'Arn': '{MACHINE}', 'RoleArn': 'r'}})": (
        "scheduler",
        "approval",
        "",
        "scheduler:UpdateSchedule",
    ),
}


@pytest.mark.parametrize("body", CASES)
def test_a_call_raises_its_event(calls: Calls, body: str) -> None:
    service, resource, names, action = CASES[body]
    raised = [event for call, view in calls(body) for event in raises(call, view)]
    assert [
        (event.service, [str(one) for one in event.resources], " ".join(event.names), event.actions) for event in raised
    ] == [(service, [resource], names, (action,))]
    assert service == "iot-data" or resource in str(raised[0].arns[0])
    assert raised[0].because


@pytest.mark.parametrize(
    "body",
    [
        f"{S3}.get_object(Bucket='b', Key='k')",
        f"{S3}.list_objects_v2(Bucket='b')",
        f"{TABLE}.query()",
        f"{S3}.generate_presigned_url('get_object', Params={{'Bucket': 'b', 'Key': 'k'}})",
        f"{DDB}.execute_statement(Statement='SELECT * FROM notes')",
        f"{DDB}.execute_statement(Statement=event['statement'])",
        f"{DDB}.get_paginator('scan').paginate(TableName='notes')",
        "boto3.client('sns').publish(PhoneNumber='+1', Message='x')",
        "boto3.client('sqs').receive_message(QueueUrl='q')",
        "boto3.client('lambda').invoke(FunctionName='resize', InvocationType='DryRun')",
        "boto3.client('lambda').list_functions()",
        "boto3.client('ses').send_email()",
    ],
)
def test_other_calls_raise_none(calls: Calls, body: str) -> None:
    found = calls(body)
    assert found
    assert [event for call, view in found for event in raises(call, view)] == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (f"{BATCH}(QueueUrl='{URL}', Entries=[{{'MessageBody': str(i)}} for i in event])", 1),
        (f"{BATCH}(QueueUrl='{URL}', Entries=[{{'MessageBody': 'a'}}, {{'MessageBody': 'b'}}])", 2),
        ("boto3.client('events').put_events(Entries=[{'Detail': '{}'}, {'Detail': '{}', 'EventBusName': 'shop'}])", 2),
        (f"{DDB}.transact_write_items(TransactItems=[{{'Put': {{'TableName': 'a', 'Item': {{}}}}}}, "
         "{'Update': {'TableName': 'b', 'Key': {}}}])", 2),
        (f"{S3}.delete_objects(Bucket='b', Delete={{'Objects': [{{'Key': 'a'}}, {{'Key': 'b'}}]}})", 2),
        ("boto3.client('firehose').put_record_batch(DeliveryStreamName='s', "
         "Records=[{'Data': 'a'}, {'Data': 'b'}])", 2),
    ],
)  # fmt: skip
def test_a_batch_raises_an_event_for_each_entry(calls: Calls, body: str, count: int) -> None:
    [(call, view)] = calls(body)
    events = raises(call, view)
    assert len(events) == count
    assert all(event.element is not None for event in events)


@pytest.mark.parametrize(
    "body", [f"{S3}.put_object(**event)", "boto3.resource('dynamodb').Table(event['t']).put_item(Item={})"]
)
def test_a_name_that_is_not_known_is_an_opaque_one(calls: Calls, body: str) -> None:
    [(call, view)] = calls(body)
    [event] = raises(call, view)
    assert [name.opaque for name in event.resources] == [True]


def test_every_service_has_cases() -> None:
    assert {service for service, *_ in CASES.values()} == set(SERVICES)
