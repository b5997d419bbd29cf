"""Write synthetic applications of any size, in the style of real ones, for measuring."""

from __future__ import annotations

from pathlib import Path

TRIGGERS = ("s3", "sqs", "sns", "stream")

_HEADER = """\
service: synthetic
provider:
  name: aws
  runtime: python3.12
  stage: ${opt:stage, 'dev'}
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ['s3:*', 'sqs:*', 'sns:*', 'dynamodb:*']
          Resource: '*'
custom:
  prefix: ${self:service}-${self:provider.stage}
functions:
"""

_HANDLER = '''\
"""Step {number} of the chain."""

import json
import os

import boto3

{clients}


def clean(value):
    return json.dumps(value).strip()


def handler(event, context):
    data = {data}
    number = len(data)
    for _ in range(2):
        number += 1
    {first}
    {second}
    return {{"statusCode": 200, "body": clean(number)}}
'''

# For each service: the client, how the data arrives, the call that raises the event.
_CLIENTS = {
    "s3": 's3 = boto3.client("s3")',
    "sqs": 'sqs = boto3.client("sqs")',
    "sns": 'sns = boto3.client("sns")',
    "stream": 'table = boto3.resource("dynamodb").Table(os.environ["{variable}"])',
}
_DATA = {
    "http": 'event["body"]',
    "s3": 'event["Records"][0]["s3"]["object"]["key"]',
    "sqs": 'event["Records"][0]["body"]',
    "sns": 'event["Records"][0]["Sns"]["Message"]',
    "stream": 'event["Records"][0]["dynamodb"]["NewImage"]["id"]["S"]',
}
_CALLS = {
    "s3": 's3.put_object(Bucket=os.environ["{variable}"], Key="in/" + data, Body=data)',
    "sqs": 'sqs.send_message(QueueUrl=os.environ["{variable}"], MessageBody=data)',
    "sns": 'sns.publish(TopicArn=os.environ["{variable}"], Message=data)',
    "stream": 'table.put_item(Item={{"id": data, "size": number}})',
}


def write_application(folder: Path, functions: int) -> None:
    """Write an application of so many functions, each with two boto3 calls: to the next one and to a common table."""
    (folder / "handlers").mkdir(parents=True)
    template = [_HEADER]
    resources = ["resources:\n  Resources:\n"]
    hub = functions // len(TRIGGERS) * len(TRIGGERS) - 1
    for number in range(functions):
        kind = "http" if number == 0 else TRIGGERS[number % len(TRIGGERS)]
        following = [(number + 1) % functions or 1, hub]
        template.append(_function(number, kind, following))
        if kind != "http":
            resources.append(_resource(number, kind))
        (folder / "handlers" / f"step_{number:04d}.py").write_text(_handler(number, kind, following), encoding="utf-8")
    (folder / "serverless.yml").write_text("".join(template + resources), encoding="utf-8")


def _handler(number: int, kind: str, following: list[int]) -> str:
    services = [TRIGGERS[target % len(TRIGGERS)] for target in following]
    variables = [f"TARGET_{position}" for position in range(len(following))]
    pairs = list(zip(services, variables, strict=True))
    clients = dict.fromkeys(_CLIENTS[service].format(variable=variable) for service, variable in pairs)
    first, second = (_CALLS[service].format(variable=variable) for service, variable in pairs)
    return _HANDLER.format(number=number, clients="\n".join(clients), data=_DATA[kind], first=first, second=second)


def _function(number: int, kind: str, following: list[int]) -> str:
    events = {
        "http": "httpApi: POST /start",
        "s3": f"s3: {{bucket: '${{self:custom.prefix}}-{number:04d}', event: 's3:ObjectCreated:*'}}",
        "sqs": f"sqs: {{arn: !GetAtt Queue{number:04d}.Arn}}",
        "sns": f"sns: '${{self:custom.prefix}}-{number:04d}'",
        "stream": f"stream: {{type: dynamodb, arn: !GetAtt Table{number:04d}.StreamArn}}",
    }[kind]
    variables = "".join(f"      TARGET_{position}: {_reference(target)}\n" for position, target in enumerate(following))
    return (
        f"  step{number:04d}:\n    handler: handlers/step_{number:04d}.handler\n    environment:\n{variables}"
        f"    events:\n      - {events}\n"
    )


def _reference(target: int) -> str:
    name = f"${{self:custom.prefix}}-{target:04d}"
    return {
        "s3": f"'{name}'",
        "sqs": f"!Ref Queue{target:04d}",
        "sns": f"!Sub 'arn:aws:sns:${{AWS::Region}}:${{AWS::AccountId}}:synthetic-dev-{target:04d}'",
        "stream": f"!Ref Table{target:04d}",
    }[TRIGGERS[target % len(TRIGGERS)]]


def _resource(number: int, kind: str) -> str:
    name = f"${{self:custom.prefix}}-{number:04d}"
    if kind == "sqs":
        return f"    Queue{number:04d}: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: '{name}'}}}}\n"
    if kind == "stream":
        return (
            f"    Table{number:04d}: {{Type: 'AWS::DynamoDB::Table', Properties: {{TableName: '{name}', "
            "StreamSpecification: {StreamViewType: NEW_IMAGE}}}\n"
        )
    return ""
