"""What becomes of an event on the way from one service to the next, and which settings let it pass.

`golden/onward.txt` has for each call what every service makes of its event, `golden/settings.txt` each spelling of
each setting with its verdict and reasons. Compare a change with AWS's documentation.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import yaml

from sls_lab.code import BotoCall
from sls_lab.facts import Pattern
from sls_lab.services import SERVICES, payload_of, raises
from sls_lab.services.call_values import View
from sls_lab.services.hops import delivered
from sls_lab.services.model import Payload
from tests.services.conftest import Calls
from tests.services.nodes import node

SENDERS = (
    "boto3.client('s3').put_object(Bucket='photos', Key='in/' + event['k'])",
    "boto3.client('s3').delete_object(Bucket='photos', Key=event['k'])",
    "boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/jobs', MessageBody=event['m'])",
    "boto3.client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:news', Message=event['m'], Subject=event['s'])",
    "boto3.resource('dynamodb').Table('notes').put_item(Item={'id': event['k'], 'kind': 'note'})",
    "boto3.client('kinesis').put_record(StreamName='clicks', Data=json.dumps({'a': event['a']}), PartitionKey='1')",
    "boto3.client('firehose').put_record(DeliveryStreamName='rows', Record={'Data': event['d']})",
    "boto3.client('events').put_events(Entries=[{'Source': 'shop', 'DetailType': 'order', "
    "'Detail': json.dumps({'n': event['n']})}])",
    "boto3.client('lambda').invoke(FunctionName='resize', InvocationType='Event', "
    "Payload=json.dumps({'k': event['k']}))",
    "boto3.client('stepfunctions').start_execution("
    "stateMachineArn='arn:aws:states:eu-west-1:1:stateMachine:review', input=json.dumps({'k': event['k']}))",
    "boto3.client('iot-data').publish(topic='garden/' + event['id'], payload=json.dumps({'v': event['v']}))",
)

#: For the call of the same place in SENDERS settings in each spelling, right and wrong.
SETTINGS = {
    0: (
        "{event: 's3:ObjectCreated:*'}",
        "{events: ['s3:ObjectCreated:Put', 's3:ObjectRemoved:*']}",
        "{Events: 's3:ObjectCreated:Copy'}",
        "{Event: 's3:ObjectRemoved:*'}",
        "{rules: [{prefix: in/}]}",
        "{rules: [{prefix: out/}]}",
        "{rules: [{suffix: .jpg}]}",
        "{Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}}",
        "{filter: {S3Key: {Rules: [{Name: Suffix, Value: .jpg}, {Name: prefix, Value: x}]}}}",
    ),
    2: (
        "{filterPatterns: [{body: {kind: [a]}}]}",
        '{FilterCriteria: {Filters: [{Pattern: \'{"body": {"kind": ["a"]}}\'}]}}',
        '{filterCriteria: {filters: [{pattern: \'{"eventSource": ["aws:sqs"]}\'}]}}',
    ),
    3: (
        "{filterPolicy: {kind: [a]}}",
        "{FilterPolicy: {kind: [a]}, FilterPolicyScope: MessageBody}",
        "{filterPolicy: {kind: [{exists: false}]}, filterPolicyScope: MessageAttributes}",
    ),
    4: (
        "{filterPatterns: [{eventName: [INSERT]}]}",
        "{filterPatterns: [{eventName: [REMOVE]}]}",
        "{filterPatterns: [{dynamodb: {NewImage: {kind: {S: [note]}}}}]}",
        "{filterPatterns: [{dynamodb: {NewImage: {kind: {S: [other]}}}}]}",
        "{viewType: KEYS_ONLY, keySchema: [{AttributeName: id, KeyType: HASH}]}",
        "{StreamViewType: OLD_IMAGE, KeySchema: [{AttributeName: id, KeyType: HASH}]}",
        "{streamViewType: NEW_AND_OLD_IMAGES}",
    ),
    5: (
        "{filterPatterns: [{data: {a: [{exists: true}]}}]}",
        "{filterPatterns: [{data: {b: [{exists: true}]}}]}",
    ),
    7: (
        "{pattern: {source: [shop]}}",
        "{Pattern: {source: [shop], detail-type: [order]}}",
        "{EventPattern: {source: [other]}}",
        "{eventPattern: {detail: {n: [1]}}}",
        "{pattern: {account: ['1']}}",
        "{pattern: {source: [shop]}, input: {fixed: yes}}",
        "{Input: '{\"fixed\": 1}'}",
        "{inputPath: $.detail.n}",
        "{InputPath: $.detail}",
        '{inputTransformer: {inputPathsMap: {n: $.detail.n}, inputTemplate: \'{"number": <n>, "a": "x <n>"}\'}}',
        "{InputTransformer: {InputPathsMap: {n: $.detail.n}, InputTemplate: '\"<n> is new\"'}}",
        "{pipeTemplate: '{\"number\": <$.detail.n>}'}",
    ),
    10: (
        "{sql: SELECT * FROM 'garden/+'}",
        "{sql: SELECT * FROM 'house/#'}",
        "{sql: \"SELECT v AS value, topic() AS t, 'x' AS f FROM 'garden/#' WHERE v > 3\"}",
        "{sql: not a rule}",
        "{}",
    ),
}


def sent(calls: Calls, statement: str) -> tuple[BotoCall, View, Payload]:
    ((call, view),) = calls(statement)
    (raised,) = raises(call, view)
    return call, view, payload_of(raised, call, view)


def written(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


def test_what_each_service_makes_of_what_another_hands_on(calls: Calls, golden: Callable[[str, str], None]) -> None:
    lines: list[str] = []
    for statement in SENDERS:
        lines.append(statement)
        _, view, payload = sent(calls, statement)
        for client, service in SERVICES.items():
            if client == "iot-data":  # no rule, pipe or topic leads to its broker
                continue
            arrived = delivered(payload, client, Pattern.of("target"), view)
            lines.append(f"  {client} {' or '.join(arrived.names)}: {written(service.lambda_event((arrived,), {}))}")
            lines += _known(arrived)
    golden("onward.txt", "\n".join(lines) + "\n")


def _known(payload: Payload) -> Iterator[str]:
    yield from (f"    {name} = {' or '.join(map(str, values))}" for name, values in payload.facts.items())
    yield from (f"    {ast.unparse(generator).strip()}" for generator in payload.generators)


def test_what_each_setting_lets_pass(calls: Calls, golden: Callable[[str, str], None]) -> None:
    lines: list[str] = []
    for number, spellings in SETTINGS.items():
        lines.append(SENDERS[number])
        _, view, payload = sent(calls, SENDERS[number])
        service = SERVICES[payload.service]
        for spelling in spellings:
            settings = node(yaml.safe_load(spelling)).mapping
            passage = service.check(payload, settings, view)
            lines.append(f"  {spelling}: {passage.verdict.name}")
            lines += [f"    {reason.text} [{reason.kind}]" for reason in passage.because]
            lines.append(f"    gives {written(service.lambda_event((passage.payload,), settings))}")
    golden("settings.txt", "\n".join(lines) + "\n")
