"""What arrives: user data stands where the real event has it, and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from sls_lab import App
from sls_lab.services import event_objects
from tests.events.conftest import definition

Write = Callable[..., App]

TEMPLATE = """send:
  handler: send.handler
  events: [{httpApi: POST /x}]
take:
  handler: take.handler
  events:
    - %s"""
ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
TABLE = "Notes: {Type: AWS::DynamoDB::Table, Properties: {TableName: notes}}"
STREAM = "stream: {type: dynamodb, arn: {Fn::GetAtt: [Notes, StreamArn]}}"


# name: (call, trigger, resources, expressions in the event object by path)
CASES: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "object": (
        "boto3.client('s3').put_object(Bucket='b', Key=event['k'], Body=event['b'])",
        "s3: b",
        "",
        {"Records.0.s3.object.key": "event['k']", "Records.0.s3.bucket.name": "'b'"},
    ),
    "message": (
        "boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q', MessageBody=event['m'])",
        "sqs: arn:aws:sqs:eu-west-1:1:q",
        "",
        {"Records.0.body": "event['m']"},
    ),
    "batch": (
        "boto3.client('sqs').send_message_batch(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q', Entries="
        "[{'Id': '1', 'MessageBody': event['a']}, {'Id': '2', 'MessageBody': 'fixed'}])",
        "sqs: arn:aws:sqs:eu-west-1:1:q",
        "",
        {"Records.0.body": "event['a']", "Records.1.body": "'fixed'"},
    ),
    "message of a queue in order": (
        "boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q.fifo', MessageBody='x', "
        "MessageGroupId=event['g'], MessageDeduplicationId=event['d'])",
        "sqs: arn:aws:sqs:eu-west-1:1:q.fifo",
        "",
        {
            "Records.0.attributes.MessageGroupId": "event['g']",
            "Records.0.attributes.MessageDeduplicationId": "event['d']",
        },
    ),
    "notification": (
        "boto3.client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:t', Message=event['m'], Subject='s')",
        "sns: arn:aws:sns:eu-west-1:1:t",
        "",
        {"Records.0.Sns.Message": "event['m']", "Records.0.Sns.Subject": "'s'"},
    ),
    "item of a table": (
        "boto3.resource('dynamodb').Table('notes').put_item(Item={'id': 'x' + event['i'], 'n': 3, 'ok': True})",
        STREAM,
        TABLE,
        {
            "Records.0.dynamodb.NewImage.id.S": "'x' + event['i']",
            "Records.0.dynamodb.NewImage.n.N": "'3'",
            "Records.0.dynamodb.NewImage.ok.BOOL": "True",
        },
    ),
    "item made before": (
        "item = dict(id=event['i'], room='lobby', mood='x'); item['mood'] = event['m']; "
        "boto3.resource('dynamodb').Table('notes').put_item(Item=item)",
        STREAM,
        TABLE,
        {
            "Records.0.dynamodb.NewImage.id.S": "item['id']",
            "Records.0.dynamodb.NewImage.room.S": "'lobby'",
            "Records.0.dynamodb.NewImage.mood.S": "item['mood']",
        },
    ),
    "item of a client": (
        "boto3.client('dynamodb').put_item(TableName='notes', Item={'id': {'S': event['i']}})",
        STREAM,
        TABLE,
        {"Records.0.dynamodb.NewImage.id.S": "event['i']"},
    ),
    "update": (
        "boto3.resource('dynamodb').Table('notes').update_item(Key={'id': '1'}, "
        "UpdateExpression='SET note = :n', ExpressionAttributeValues={':n': 'x' + event['n']})",
        STREAM,
        TABLE,
        {"Records.0.dynamodb.NewImage.note.S": "'x' + event['n']"},
    ),
    "event on a bus": (
        "boto3.client('events').put_events(Entries=["
        "{'Source': 's', 'DetailType': 'd', 'Detail': json.dumps({'who': event['w']})}])",
        "eventBridge: {pattern: {source: [s]}}",
        "",
        {"detail.who": "event['w']", "source": "'s'", "detail-type": "'d'"},
    ),
    "record of a stream": (
        "boto3.client('kinesis').put_record(StreamName='c', Data=event['d'], PartitionKey='p')",
        "stream: {type: kinesis, arn: 'arn:aws:kinesis:eu-west-1:1:stream/c'}",
        "",
        {"Records.0.kinesis.partitionKey": "'p'"},
    ),
}


def at(expression: ast.expr, path: str) -> ast.expr:
    for step in path.split("."):
        if isinstance(expression, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else None for key in expression.keys]
            expression = expression.values[keys.index(step)]
        else:
            assert isinstance(expression, ast.List)
            expression = expression.elts[int(step)]
    return expression


@pytest.mark.parametrize("name", CASES)
def test_user_data_stands_where_the_event_has_it(application: Write, name: str) -> None:
    call, trigger, resources, expected = CASES[name]
    app = application(
        ANYTHING,
        TEMPLATE % trigger,
        resources,
        send=f"def handler(event, context):\n    {call}\n",
        take="def handler(event, context):\n    return event\n",
    )
    (edge,) = app.events.edges
    (delivered,) = event_objects(edge, definition(app))
    found = {path: ast.unparse(at(delivered.expression, path)) for path in expected}
    assert found == expected
    ast.parse(ast.unparse(delivered.expression))


@pytest.mark.parametrize("name", CASES)
def test_the_calls_own_expressions_keep_their_places(application: Write, name: str) -> None:
    call, trigger, resources, _ = CASES[name]
    app = application(
        ANYTHING,
        TEMPLATE % trigger,
        resources,
        send=f"def handler(event, context):\n    {call}\n",
        take="def handler(event, context):\n    return event\n",
    )
    (rewritten,) = [one for one in app.rewriting.files.values() if one.file == "send.py"]
    edits = [edit for edit in rewritten.edits if edit.kind == "event-object"]
    assert edits
    for edit in edits:
        assert {"event", "item"} & {origin.span.text_in(rewritten.original).split("[")[0] for origin in edit.origins}


SCHEMA = "KeySchema: [{AttributeName: id, KeyType: HASH}], StreamSpecification: {StreamViewType: KEYS_ONLY}"


@pytest.mark.parametrize("trigger", [STREAM, "stream: {arn: {Fn::GetAtt: [Notes, StreamArn]}}"])
def test_the_keys_are_those_of_the_tables_declaration(application: Write, trigger: str) -> None:
    app = application(
        ANYTHING,
        TEMPLATE % trigger,
        f"Notes: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: notes, {SCHEMA}}}}}",
        send="def handler(event, context):\n    boto3.client('dynamodb').put_item(TableName='notes', "
        "Item={'id': {'S': '1'}, 'text': {'S': event['t']}})\n",
        take="def handler(event, context):\n    return event\n",
    )
    (edge,) = app.events.edges
    (delivered,) = event_objects(edge, definition(app))
    stream = at(delivered.expression, "Records.0.dynamodb")
    assert ast.unparse(stream) == "{'Keys': {'id': {'S': '1'}}, 'StreamViewType': 'KEYS_ONLY'}"


@pytest.mark.parametrize(
    "before",
    [
        "options = {'FunctionName': 'demo-dev-take', **event['more']}",
        "options = dict(event['more'], FunctionName='demo-dev-take')",
        "options = {'FunctionName': 'demo-dev-take'}; options.update(event['more'])",
    ],
)
def test_what_a_mapping_of_options_may_hold_arrives(application: Write, before: str) -> None:
    """Whoever chooses options chooses the payload as well: it must not be lost because it is not written out."""
    functions = "send: {handler: send.handler, events: [{httpApi: POST /x}]}\ntake: {handler: take.handler}"
    code = f"def handler(event, context):\n    {before}\n    boto3.client('lambda').invoke(**options)\n"
    app = application(ANYTHING, functions, send=code, take="def handler(event, context):\n    return event\n")
    edges = {edge.target: edge for edge in app.events.edges}
    (found,) = event_objects(edges["take"], definition(app))
    assert ast.unparse(found.expression) == "json.loads(options['Payload'])"
    # Where the user's options come last, they may name another function as well.
    assert set(edges) == ({"take"} if before.startswith("options = dict(") else {"take", "send"})
    assert edges["take"].certain == before.startswith("options = dict(")
