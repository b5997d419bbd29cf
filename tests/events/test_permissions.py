"""What is granted and not used: only what nothing can need, and the smallest statement that would do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sls_lab import App

Write = Callable[..., App]

FUNCTIONS = "work: {handler: work.handler, events: [{schedule: rate(1 day)}]}"
CODES = ("unused-permission", "wildcard-permission", "wildcard-resource")
QUEUE = "https://sqs.eu-west-1.amazonaws.com/1/jobs"


def advice(app: App) -> dict[str, str]:
    return {one.code: one.message for one in app.advice if one.code in CODES}


def advised(application: Write, actions: str, body: str, resource: str = "'arn:aws:x:::y'", head: str = "") -> App:
    statement = f"- {{Effect: Allow, Action: {actions}, Resource: {resource}}}"
    code = f"{head}\ndef handler(event, context):\n    {body}\n"
    return application(statement, FUNCTIONS, work=code)


#: What may use a permission though no call of boto3 says so: nothing is advised for these.
USED = {
    "call": ("[s3:PutObject]", "boto3.client('s3').put_object(Bucket='b', Key='k')"),
    "presigned URL": ("[s3:GetObject]", "boto3.client('s3').generate_presigned_url('get_object', Params={})"),
    "presigned form": ("[s3:PutObject]", "boto3.client('s3').generate_presigned_post('b', 'k')"),
    "source of a copy": (
        "[s3:GetObject, s3:PutObject]",
        "boto3.client('s3').copy_object(Bucket='b', Key='k', CopySource='a/k')",
    ),
    "object of another service": (
        "[s3:GetObject, rekognition:DetectLabels]",
        "boto3.client('rekognition').detect_labels(Image={'S3Object': {'Bucket': 'b', 'Name': 'n'}})",
    ),
    "role handed on": ("[iam:PassRole, ecs:RunTask]", "boto3.client('ecs').run_task(cluster='c')"),
    "key of a bucket": ("[kms:Decrypt, s3:GetObject]", "boto3.client('s3').get_object(Bucket='b', Key='k')"),
    "program": ("[s3:GetObject]", "__import__('os'); import os; os.system('aws s3 cp s3://b/k /tmp/k')"),
    "program as a list": ("[sqs:SendMessage]", "import subprocess; subprocess.run(['aws', 'sqs', 'send-message'])"),
    "unknown program": ("[sqs:SendMessage]", "import subprocess; subprocess.run(event['command'])"),
    "program in a variable": (
        "[s3:GetObject]",
        "import os; source = f\"aws s3 cp s3://{event['k']} -\"; os.system(f'{source} | sox -')",
    ),
    "script": ("[sqs:SendMessage]", "import subprocess; subprocess.run(['bash', 'run.sh'])"),
    "client given away": ("[s3:GetObject]", "import lib; lib.Thing(client=boto3.client('s3')).work()"),
    "session given away": ("[s3:GetObject]", "import lib; lib.Thing(boto3.Session())"),
    "unresolved client": ("[s3:GetObject]", "import lib; lib.made().put_object(Bucket='b', Key='k')"),
    "library of AWS": ("[dynamodb:PutItem]", "from pynamodb.models import Model; Model('x').save()"),
    "parameters": ("[ssm:GetParameter]", "from aws_lambda_powertools.utilities import parameters; parameters"),
    "waiter": ("[s3:GetObject]", "boto3.client('s3').get_waiter('object_exists').wait(Bucket='b', Key='k')"),
    "statement of PartiQL": ("[dynamodb:PartiQLSelect]", "boto3.client('dynamodb').execute_statement(Statement='x')"),
    "logs": ("['logs:*', 'xray:*']", "pass"),
    "connection": (
        "['execute-api:ManageConnections']",
        "boto3.client('apigatewaymanagementapi').post_to_connection(ConnectionId='1', Data=b'')",
    ),
}


@pytest.mark.parametrize("name", USED)
def test_what_something_may_use_is_not_called_unused(application: Write, name: str) -> None:
    actions, body = USED[name]
    assert "unused-permission" not in advice(advised(application, actions, body, "'*'"))


UNUSED = {
    "nothing at all": ("[s3:GetObject]", "pass", "s3:GetObject"),
    "another call": ("[s3:GetObject]", "boto3.client('s3').put_object(Bucket='b', Key='k')", "s3:GetObject"),
    "the other half": (
        "[s3:GetObject, s3:PutObject]",
        "boto3.client('s3').put_object(Bucket='b', Key='k')",
        "needs s3:GetObject;",
    ),
    "program of another service": (
        "[s3:GetObject, sqs:SendMessage]",
        "import os; os.system('aws s3 ls')",
        "needs sqs:SendMessage;",
    ),
    "program of another service in a variable": (
        "[sqs:SendMessage, s3:GetObject]",
        "import os; source = f\"aws s3 cp s3://{event['k']} -\"; os.system(f'{source} | sox -')",
        "needs sqs:SendMessage;",
    ),
    "program without AWS": ("[s3:GetObject]", "import os; os.system('ls ' + event['x'])", "s3:GetObject"),
    "client of another service": ("[s3:GetObject]", "import lib; lib.Thing(boto3.client('sqs'))", "s3:GetObject"),
    "errors of botocore": (
        "[s3:GetObject]",
        "from botocore.exceptions import ClientError",
        "s3:GetObject",
    ),
    "presigned URL": (
        "[s3:GetObject, s3:PutObject]",
        "boto3.client('s3').generate_presigned_url('get_object')",
        "needs s3:PutObject;",
    ),
}


@pytest.mark.parametrize("name", UNUSED)
def test_what_nothing_uses_is_named(application: Write, name: str) -> None:
    actions, body, words = UNUSED[name]
    assert words in advice(advised(application, actions, body))["unused-permission"]


def test_a_client_given_away_at_the_top_of_a_module_counts_for_each_handler(application: Write) -> None:
    functions = "one: {handler: work.handler}\ntwo: {handler: work.other}"
    code = "import lib\nthing = lib.Thing(boto3.client('s3'))\ndef handler(e, c): pass\ndef other(e, c): pass\n"
    app = application("- {Effect: Allow, Action: 's3:GetObject', Resource: '*'}", functions, work=code)
    assert advice(app) == {}


def test_a_statement_that_a_function_of_another_language_has_is_not_judged(application: Write) -> None:
    functions = FUNCTIONS + "\nother: {handler: index.handler, runtime: nodejs20.x}"
    app = application(
        "- {Effect: Allow, Action: ['s3:GetObject'], Resource: '*'}", functions, work="def handler(e, c): pass\n"
    )
    assert advice(app) == {}


def test_everything_but_some_actions_is_a_wildcard(application: Write) -> None:
    allowed = "- {Effect: Allow, NotAction: ['iam:*', 'sts:*'], Resource: '*'}"
    app = application(allowed, FUNCTIONS, work="def handler(e, c): pass\n")
    assert advice(app)["wildcard-permission"].startswith("everything but iam:*, sts:* is granted")


SMALLER = {
    "actions": (
        "'dynamodb:*'",
        "'*'",
        "t = boto3.resource('dynamodb').Table('notes'); t.put_item(Item={'a': '1'}); t.query(Limit=1)",
        "wildcard-permission",
        "{Effect: Allow, Action: [dynamodb:PutItem, dynamodb:Query], "
        "Resource: [arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/notes]}",
    ),
    "everything": (
        "'*'",
        "'*'",
        f"boto3.client('sqs').send_message(QueueUrl='{QUEUE}', MessageBody='x')",
        "wildcard-permission",
        "{Effect: Allow, Action: [sqs:SendMessage], Resource: [arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs]}",
    ),
    "resource": (
        "[s3:PutObject]",
        "'*'",
        "boto3.client('s3').put_object(Bucket='photos', Key='in/' + event['k'])",
        "wildcard-resource",
        "{Effect: Allow, Action: [s3:PutObject], Resource: [arn:aws:s3:::photos/in/*]}",
    ),
    "a part of the actions": (
        "['s3:Get*', 's3:Put*']",
        "'arn:aws:s3:::photos/*'",
        "boto3.client('s3').get_object(Bucket='photos', Key='x')",
        "wildcard-permission",
        "{Effect: Allow, Action: [s3:GetObject], Resource: [arn:aws:s3:::photos/*]}",
    ),
}


@pytest.mark.parametrize("name", SMALLER)
def test_the_smallest_statement_that_would_do(application: Write, name: str) -> None:
    actions, resource, body, code, statement = SMALLER[name]
    assert advice(advised(application, actions, body, resource))[code].endswith(f"{statement} would do")


@pytest.mark.parametrize(
    "body",
    [
        "import lib; lib.Thing(boto3.client('s3')); boto3.client('s3').put_object(Bucket='photos', Key='x')",
        "import os; os.system('aws s3 ls'); boto3.client('s3').put_object(Bucket='photos', Key='x')",
    ],
)
def test_no_smaller_statement_is_made_up_where_something_else_may_need_more(application: Write, body: str) -> None:
    found = advice(advised(application, "'s3:*'", body, "'*'"))
    assert found == {"wildcard-permission": "s3:* is granted with a wildcard; name the actions that are needed"}
    assert advice(advised(application, "[s3:PutObject]", body, "'*'")) == {}


def test_no_resource_is_named_where_it_is_not_known(application: Write) -> None:
    body = "boto3.client('sqs').send_message(QueueUrl=event['queue'], MessageBody='x')"
    assert advice(advised(application, "['sqs:SendMessage']", body, "'*'")) == {}


def test_what_destinations_need_is_used(application: Write) -> None:
    functions = "work: {handler: work.handler, destinations: {onSuccess: take}}\ntake: {handler: work.take}"
    statement = "- {Effect: Allow, Action: 'lambda:InvokeFunction', Resource: '*'}"
    app = application(statement, functions, work="def handler(e, c): pass\ndef take(e, c): pass\n")
    assert "unused-permission" not in advice(app)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("onError: arn:aws:sns:eu-west-1:1:failed", "sqs:SendMessage"),
        ("onError: arn:aws:sqs:eu-west-1:1:failed", "sns:Publish"),
        ("onError: {Fn::GetAtt: [Failed, Arn]}", "sns:Publish"),
        ("onError: {Fn::ImportValue: failed}", None),
        ("description: nothing with a DeadLetter or an onError", "sqs:SendMessage, sns:Publish"),
        ("description: its function  # a DeadLetter, onError", "sqs:SendMessage, sns:Publish"),
        ("destinations: {onFailure: 'arn:aws:sqs:eu-west-1:1:failed'}", "sns:Publish"),
    ],
)
def test_what_a_function_failed_on_needs_the_permission_that_the_template_says(
    application: Write, function: str, said: str | None
) -> None:
    app = application(
        "- {Effect: Allow, Action: [sqs:SendMessage, sns:Publish], Resource: 'arn:aws:x:::y'}",
        f"work:\n  handler: work.handler\n  events: [{{schedule: rate(1 day)}}]\n  {function}",
        "Failed: {Type: AWS::SQS::Queue}",
        work="def handler(event, context):\n    pass\n",
    )
    assert advice(app).get("unused-permission", "").partition("needs ")[2].partition(";")[0] == (said or "")


def test_the_records_that_a_stream_gives_up_on_are_sent_somewhere(application: Write) -> None:
    stream = "stream: {type: kinesis, arn: 'arn:aws:kinesis:eu-west-1:1:stream/s', destinations: {onFailure: %s}}"
    app = application(
        "- {Effect: Allow, Action: [sqs:SendMessage, sns:Publish], Resource: 'arn:aws:x:::y'}",
        f"work: {{handler: work.handler, events: [{{{stream % 'arn:aws:sqs:eu-west-1:1:failed'}}}]}}",
        work="def handler(event, context):\n    pass\n",
    )
    assert "needs sns:Publish;" in advice(app)["unused-permission"]
