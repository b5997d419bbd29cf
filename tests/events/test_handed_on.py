"""What a handler is woken with after rules, pipes and topics have handed an event on, and after each kind of write."""

from __future__ import annotations

import ast
from collections.abc import Callable
from textwrap import dedent

import pytest

from sls_lab import App
from sls_lab.services import event_objects

Write = Callable[..., App]

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
SEND = "send: {handler: send.handler, events: [{httpApi: POST /x}]}\n"


def woken_with(application: Write, call: str, trigger: str, resources: str) -> list[str]:
    """The event objects of `take`, which the call in `send` wakes by an edge that is certain."""
    events = f", events: [{trigger}]" if trigger else ""
    app = application(
        ANYTHING,
        f"{SEND}take: {{handler: take.handler{events}}}",
        dedent(resources),
        send=f"def handler(event, context):\n    {call}\n",
        take="def handler(event, context):\n    return event\n",
    )
    (edge,) = app.events.edges
    assert (edge.target, edge.status, edge.certain) == ("take", "linked", True)
    definition = app.code.handlers["send"].definition
    assert isinstance(definition, ast.FunctionDef)
    return [ast.unparse(one.expression) for one in event_objects(edge, definition)]


BUCKET = (
    "Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: photos, "
    "NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}}}"
)


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
@pytest.mark.parametrize(
    ("call", "kind", "reason"),
    [
        ("put_object(Bucket='photos', Key=event['k'])", "Object Created", "PutObject"),
        ("copy_object(Bucket='photos', Key=event['k'], CopySource='a/b')", "Object Created", "CopyObject"),
        (
            "complete_multipart_upload(Bucket='photos', Key=event['k'], UploadId='1')",
            "Object Created",
            "CompleteMultipartUpload",
        ),
        ("delete_object(Bucket='photos', Key=event['k'])", "Object Deleted", "DeleteObject"),
    ],
)
def test_a_bucket_tells_the_default_bus(application: Write, call: str, kind: str, reason: str) -> None:
    trigger = f"{{eventBridge: {{pattern: {{source: [aws.s3], detail-type: [{kind}]}}}}}}"
    detail = f"{{'bucket': {{'name': 'photos'}}, 'object': {{'key': event['k']}}, 'reason': '{reason}'}}"
    expected = f"{{'version': '0', 'detail-type': '{kind}', 'source': 'aws.s3', 'detail': {detail}}}"
    assert woken_with(application, f"boto3.client('s3').{call}", trigger, BUCKET) == [expected]


PUT = (
    "boto3.client('events').put_events(Entries=[{'Source': 's', 'DetailType': 'd', "
    "'Detail': json.dumps({'who': event['w'], 'list': [1, event['l']]})}])"
)
DETAIL = "{'who': event['w'], 'list': [1, event['l']]}"
WHOLE = f"{{'version': '0', 'detail-type': 'd', 'source': 's', 'detail': {DETAIL}}}"
RULE = """
Inbox: {{Type: AWS::SQS::Queue, Properties: {{QueueName: inbox}}}}
Rule:
  Type: AWS::Events::Rule
  Properties:
    EventPattern: {{source: [s]}}
    Targets: [{{Id: q, Arn: {{Fn::GetAtt: [Inbox, Arn]}}{more}}}]
"""


# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
@pytest.mark.parametrize(
    ("more", "body"),
    [
        ("", WHOLE),
        ("InputPath: $.detail.who", f"{DETAIL}['who']"),
        ("InputPath: '$.detail.list[1]'", f"{DETAIL}['list'][1]"),
        ("InputPath: '$.detail[''who'']'", f"{DETAIL}['who']"),
        ("InputPath: '$.detail.list[*]'", WHOLE),  # more than one place: any of the event may be there
        ("Input: '{\"a\": [1, null]}'", "{'a': [1, None]}"),
        ("Input: hello", "'hello'"),
    ],
)
def test_the_target_of_a_rule_chooses_what_it_gets(application: Write, more: str, body: str) -> None:
    resources = RULE.format(more=f", {more}" if more else "")
    trigger = "{sqs: {arn: {Fn::GetAtt: [Inbox, Arn]}}}"
    expected = f"{{'Records': [{{'body': json.dumps({body}), 'eventSource': 'aws:sqs'}}]}}"
    assert woken_with(application, PUT, trigger, resources) == [expected]


@pytest.mark.parametrize(
    ("template", "body"),
    [
        (
            '{"name": <who>, "said": "by <s>!", "n": [1, true]}',
            "{'name': %s, 'said': 'by ' + str('s') + '!', 'n': [1, True]}",
        ),
        ('{"name": "<who>"}', "{'name': %s}"),
        ('{"a": "\\\\"<who>"}', "{'a': '\"' + str(%s)}"),
        ('"<who> was here"', "str(%s) + ' was here'"),
        ("<who>", "%s"),
        ("of <who>", "'of ' + str(%s)"),
        ("<aws.events.event.json>", WHOLE),
        ('{"broken": <who>', "'{\"broken\": ' + str(%s)"),
    ],
)
def test_a_template_is_filled_in(application: Write, template: str, body: str) -> None:
    paths = "InputPathsMap: {who: $.detail.who, s: $.source}"
    written = template.replace("\\\\", "\\")
    more = f", InputTransformer: {{{paths}, InputTemplate: '{written}'}}"
    trigger = "{sqs: {arn: {Fn::GetAtt: [Inbox, Arn]}}}"
    wanted = body % f"{DETAIL}['who']" if "%s" in body else body
    expected = f"{{'Records': [{{'body': json.dumps({wanted}), 'eventSource': 'aws:sqs'}}]}}"
    assert woken_with(application, PUT, trigger, RULE.format(more=more)) == [expected]


PIPE = """
Inbox: {{Type: AWS::SQS::Queue, Properties: {{QueueName: inbox}}}}
Out: {{Type: AWS::SQS::Queue, Properties: {{QueueName: out}}}}
Clicks: {{Type: AWS::Kinesis::Stream, Properties: {{Name: clicks}}}}
Notes:
  Type: AWS::DynamoDB::Table
  Properties: {{TableName: notes, StreamSpecification: {{StreamViewType: NEW_IMAGE}}}}
Pipe:
  Type: AWS::Pipes::Pipe
  Properties: {{Source: {{Fn::GetAtt: [{source}]}}, Target: {target}{more}}}
"""
MESSAGE = (
    "boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/inbox', MessageBody=event['m'])"
)
ITEM = "boto3.client('dynamodb').put_item(TableName='notes', Item={'id': {'S': event['i']}})"
CLICK = "boto3.client('kinesis').put_record(StreamName='clicks', Data=event['d'], PartitionKey='p')"
FUNCTION = "{Fn::GetAtt: [TakeLambdaFunction, Arn]}"
OUT, QUEUE = "{Fn::GetAtt: [Out, Arn]}", "{sqs: {arn: {Fn::GetAtt: [Out, Arn]}}}"
BUS = "arn:aws:events:eu-west-1:1:event-bus/default"
RECORD = "{'body': event['m'], 'eventSource': 'aws:sqs'}"


# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
@pytest.mark.parametrize(
    ("call", "source", "target", "trigger", "more", "expected"),
    [
        (MESSAGE, "Inbox, Arn", FUNCTION, "", "", f"[{RECORD}]"),
        (ITEM, "Notes, StreamArn", FUNCTION, "", "InputTemplate: '{\"of\": <$.eventName>}'", "[{'of': 'INSERT'}]"),
        (MESSAGE, "Inbox, Arn", FUNCTION, "", "InputTemplate: '{\"text\": <$.body>}'", "[{'text': event['m']}]"),
        (MESSAGE, "Inbox, Arn", FUNCTION, "", "InputTemplate: 'of <$.body.who>'", "['of ' + str(event['m']['who'])]"),
        (MESSAGE, "Inbox, Arn", FUNCTION, "", "InputTemplate: <aws.pipes.event.json>", f"[{RECORD}]"),
        (
            MESSAGE,
            "Inbox, Arn",
            OUT,
            QUEUE,
            "",
            f"{{'Records': [{{'body': json.dumps({RECORD}), 'eventSource': 'aws:sqs'}}]}}",
        ),
        (
            CLICK,
            "Clicks, Arn",
            OUT,
            QUEUE,
            "InputTemplate: <$.kinesis.data>",
            "{'Records': [{'body': json.dumps(base64.b64encode(event['d'])), 'eventSource': 'aws:sqs'}]}",
        ),
        (
            MESSAGE,
            "Inbox, Arn",
            BUS,
            "{eventBridge: {pattern: {source: [shop]}}}",
            "EventBridgeEventBusParameters: {Source: shop, DetailType: sold}",
            f"{{'version': '0', 'detail-type': 'sold', 'source': 'shop', 'detail': {RECORD}}}",
        ),
        (
            MESSAGE,
            "Inbox, Arn",
            BUS,
            "{eventBridge: {pattern: {detail-type: ['Event from aws:sqs']}}}",
            "",
            f"{{'version': '0', 'detail-type': 'Event from aws:sqs', 'source': 'Pipe', 'detail': {RECORD}}}",
        ),
    ],
)
def test_a_pipe_hands_records_on(
    application: Write, call: str, source: str, target: str, trigger: str, more: str, expected: str
) -> None:
    parameters = f", TargetParameters: {{{more}}}" if more else ""
    resources = PIPE.format(source=source, target=target, more=parameters)
    assert woken_with(application, call, trigger, resources) == [expected]


TABLE = "Notes: {Type: AWS::DynamoDB::Table, Properties: {TableName: notes}}"
CLIENT, NOTES = "boto3.client('dynamodb').", "boto3.resource('dynamodb').Table('notes')."


def written(name: str, keys: str, *, new: str = "", old: str = "") -> str:
    """A record of a stream that has both images."""
    images = (f"'NewImage': {new}, " if new else "") + (f"'OldImage': {old}, " if old else "")
    stream = f"{{'Keys': {keys}, {images}'StreamViewType': 'NEW_AND_OLD_IMAGES'}}"
    return f"{{'eventName': '{name}', 'eventSource': 'aws:dynamodb', 'dynamodb': {stream}}}"


def inserted(item: str) -> str:
    """What was there before may have been written by the same call."""
    return written("INSERT", item, new=item, old=item)


# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
@pytest.mark.parametrize(
    ("call", "records"),
    [
        (
            CLIENT + "batch_write_item(RequestItems={'notes': [{'PutRequest': {'Item': {'id': {'S': event['i']}}}}, "
            "{'DeleteRequest': {'Key': {'id': {'S': event['d']}}}}]})",
            [
                inserted("{'id': {'S': event['i']}}"),
                written("REMOVE", "{'id': {'S': event['d']}}", old="{'id': {'S': event['d']}}"),
            ],
        ),
        (
            CLIENT
            + "transact_write_items(TransactItems=[{'Put': {'TableName': 'notes', 'Item': {'id': {'S': event['i']}}}}, "
            "{'ConditionCheck': {'TableName': 'notes', 'Key': {'id': {'S': 'c'}}}}])",
            [inserted("{'id': {'S': event['i']}}")],
        ),
        (
            CLIENT + "transact_write_items(TransactItems=[{'Update': {'TableName': 'notes', 'Key': {'id': {'S': 'x'}}, "
            "'UpdateExpression': 'SET n = :n', 'ExpressionAttributeValues': {':n': {'S': event['n']}}}}])",
            [
                written(
                    "INSERT",
                    "{'id': {'S': 'x'}}",
                    new="{**{'id': {'S': 'x'}}, 'n': {'S': event['n']}}",
                    old="{**{'id': {'S': 'x'}}, 'n': {'S': event['n']}}",
                )
            ],
        ),
        (
            CLIENT + "transact_write_items(TransactItems=["
            "{'Delete': {'TableName': 'notes', 'Key': {'id': {'S': event['d']}}}}])",
            [written("REMOVE", "{'id': {'S': event['d']}}", old="{'id': {'S': event['d']}}")],
        ),
        (
            CLIENT + "update_item(TableName='notes', Key={'id': {'S': '1'}}, "
            "AttributeUpdates={'n': {'Value': {'S': event['n']}}})",
            [
                written(
                    "INSERT",
                    "{'id': {'S': '1'}}",
                    new="{**{'id': {'S': '1'}}, 'n': {'S': event['n']}}",
                    old="{**{'id': {'S': '1'}}, 'n': {'S': event['n']}}",
                )
            ],
        ),
        (
            NOTES + "update_item(Key={'id': '1'}, "
            "AttributeUpdates={'n': {'Value': 7, 'Action': 'PUT'}, 'gone': {'Action': 'DELETE'}})",
            [
                written(
                    "INSERT",
                    "{'id': {'S': '1'}}",
                    new="{'id': {'S': '1'}, 'n': {'N': '7'}}",
                    old="{'id': {'S': '1'}, 'n': {'N': '7'}}",
                )
            ],
        ),
        (NOTES + "delete_item(Key={'id': 'x'})", [written("REMOVE", "{'id': {'S': 'x'}}", old="{'id': {'S': 'x'}}")]),
    ],
)
def test_each_way_of_writing_fills_the_stream(application: Write, call: str, records: list[str]) -> None:
    trigger = "{stream: {type: dynamodb, arn: {Fn::GetAtt: [Notes, StreamArn]}}}"
    assert woken_with(application, call, trigger, TABLE) == [f"{{'Records': [{', '.join(records)}]}}"]


# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, MessageStructure
@pytest.mark.parametrize(
    ("message", "trigger", "arrives"),
    [
        ("{'default': event['d'], 'lambda': event['l']}", "sns", "event['l']"),
        ("{'default': event['d'], 'sqs': event['s']}", "sns", "event['d']"),
        ("{'default': event['d'], 'lambda': event['l'], 'sqs': event['s']}", "sqs", "event['s']"),
        ("{'default': event['d'], 'lambda': event['l']}", "sqs", "event['d']"),
    ],
)
def test_a_topic_has_a_message_for_each_protocol(application: Write, message: str, trigger: str, arrives: str) -> None:
    topic = "arn:aws:sns:eu-west-1:1:t"
    call = f"boto3.client('sns').publish(TopicArn='{topic}', MessageStructure='json', Message=json.dumps({message}))"
    resources = f"""
        Inbox: {{Type: AWS::SQS::Queue, Properties: {{QueueName: inbox}}}}
        Link:
          Type: AWS::SNS::Subscription
          Properties:
            {{TopicArn: '{topic}', Protocol: sqs, Endpoint: {{Fn::GetAtt: [Inbox, Arn]}}, RawMessageDelivery: true}}
    """
    if trigger == "sns":
        (found,) = woken_with(application, call, f"{{sns: {topic}}}", "")
        assert (
            found
            == f"{{'Records': [{{'EventSource': 'aws:sns', 'Sns': {{'Type': 'Notification', 'Message': {arrives}}}}}]}}"
        )
    else:
        (found,) = woken_with(application, call, "{sqs: {arn: {Fn::GetAtt: [Inbox, Arn]}}}", resources)
        assert found == f"{{'Records': [{{'body': {arrives}, 'eventSource': 'aws:sqs'}}]}}"
