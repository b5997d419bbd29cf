"""What states of a state machine send themselves, and who lets a waiting task go on."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from sls_lab import App
from sls_lab.services import event_objects
from tests.events.conftest import definition

Write = Callable[..., App]
ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
FUNCTIONS = """
send: {handler: send.handler, events: [{httpApi: POST /x}]}
made: {handler: made.handler, name: made}
take: {handler: take.handler, name: take, EVENTS}
"""
MACHINE = """
Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
News: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
Notes: {Type: AWS::DynamoDB::Table, Properties: {TableName: notes, StreamSpecification: {StreamViewType: NEW_IMAGE}}}
Machine:
  Type: AWS::StepFunctions::StateMachine
  Properties:
    StateMachineName: sending
    RoleArn: arn:aws:iam::1:role/x
    Definition: {StartAt: One, States: {STATES}}
Other:
  Type: AWS::StepFunctions::StateMachine
  Properties:
    StateMachineName: other
    RoleArn: arn:aws:iam::1:role/x
    Definition:
      StartAt: Run
      States: {Run: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:1:function:take", End: true}}
"""
START = """def handler(event, context):
    boto3.client('stepfunctions').start_execution(
        stateMachineArn='arn:aws:states:eu-west-1:1:stateMachine:sending', input=event['body'])
"""
PLAIN = "def handler(event, context):\n    return event\n"
QUEUE = "events: [{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}]"


def app_of(write: Write, state: str, events: str, start: str = START) -> App:
    functions = FUNCTIONS.replace("EVENTS", events)
    return write(ANYTHING, functions, MACHINE.replace("STATES", state), send=start, made=PLAIN, take=PLAIN)


def sent(parameters: str, service: str, more: str = "End: true") -> str:
    return f'One: {{Type: Task, Resource: "arn:aws:states:::{service}", Parameters: {{{parameters}}}, {more}}}'


INPUT = "json.loads(event['body'])"


@pytest.mark.parametrize(
    ("state", "events", "way", "arriving"),
    [
        (
            sent("QueueUrl: !Ref Jobs, MessageBody: {name.$: $.name, fixed: a}", "sqs:sendMessage"),
            QUEUE,
            ("stepfunctions:sending", "sqs:jobs"),
            f"{{'Records': [{{'body': json.dumps({{'name': {INPUT}['name'], 'fixed': 'a'}}), "
            "'eventSource': 'aws:sqs'}]}",
        ),
        (
            sent("QueueUrl: !Ref Jobs, MessageBody.$: $.text", "aws-sdk:sqs:sendMessage"),
            QUEUE,
            ("stepfunctions:sending", "sqs:jobs"),
            f"{{'Records': [{{'body': {INPUT}['text'], 'eventSource': 'aws:sqs'}}]}}",
        ),
        (
            sent("Entries: [{Source: own, DetailType: a, Detail: {n.$: $.name}}]", "events:putEvents"),
            "events: [{eventBridge: {pattern: {source: [own]}}}]",
            ("stepfunctions:sending", "events:default"),
            f"{{'version': '0', 'detail-type': 'a', 'source': 'own', 'detail': {{'n': {INPUT}['name']}}}}",
        ),
        (
            sent("StateMachineArn: !Ref Other, Input: {name.$: $.name}", "states:startExecution"),
            "timeout: 3",
            ("stepfunctions:sending", "stepfunctions:other", "stepfunctions:other"),
            f"{{'name': {INPUT}['name']}}",
        ),
    ],
)
def test_a_state_sends_before_any_function_runs(
    application: Write, state: str, events: str, way: tuple[str, ...], arriving: str
) -> None:
    app = app_of(application, state, events)
    edges = [edge for edge in app.events.edges if edge.sent]
    assert [(edge.source, edge.target, edge.status, edge.certain, edge.via) for edge in edges] == [
        ("send", "take", "linked", True, way)
    ]
    (found,) = event_objects(edges[0], definition(app))
    assert ast.unparse(found.expression) == arriving


def test_a_rule_may_not_want_what_a_state_sends(application: Write) -> None:
    state = sent("Entries: [{Source: own, DetailType: a, Detail: {n.$: $.name}}]", "events:putEvents")
    app = app_of(application, state, "events: [{eventBridge: {pattern: {source: [another]}}}]")
    assert [(edge.target, edge.status) for edge in app.events.edges if edge.sent] == [("take", "filtered")]


def test_a_state_sends_what_a_task_returned(application: Write) -> None:
    state = 'One: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:1:function:made", Next: Two}, ' + sent(
        "TopicArn: !Ref News, Message.$: $.text", "sns:publish"
    ).replace("One", "Two")
    app = app_of(application, state, "events: [{sns: {arn: !Ref News, topicName: news}}]")
    assert [(edge.source, edge.target, edge.api, edge.status) for edge in app.events.edges if edge.sent] == [
        ("made", "take", "next", "linked")
    ]
    made = app.rewriting.files["made.py"].text
    assert "'Message': event['text']" in made
    assert "take" in made


@pytest.mark.parametrize(
    "state",
    [
        "One: {Type: Pass, End: true}",
        sent("TableName: elsewhere, Item: {}", "dynamodb:putItem"),
        sent("JobName: a", "glue:startJobRun"),
        'One: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage", End: true}',
    ],
)
def test_other_states_send_nothing_here(application: Write, state: str) -> None:
    assert [edge for edge in app_of(application, state, QUEUE).events.edges if edge.sent] == []


RESUME = """def handler(event, context):
    boto3.client('stepfunctions').send_task_success(taskToken=event['token'], output=event['body'])
"""


def test_whoever_sends_a_token_back_lets_the_task_go_on(application: Write) -> None:
    waiting = (
        'One: {Type: Task, Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken", '
        "Parameters: {FunctionName: made, Payload: {token.$: $$.Task.Token}}, ResultPath: $.answer, Next: Two}, "
        'Two: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:1:function:take", End: true}'
    )
    app = app_of(application, waiting, "timeout: 3", RESUME)
    resumed = next(edge for edge in app.events.edges if edge.api == "send_task_success")
    assert (resumed.source, resumed.target, resumed.status, resumed.certain) == ("send", "take", "linked", True)
    (found,) = event_objects(resumed, definition(app))
    assert ast.unparse(found.expression) == f"{{'answer': {INPUT}}}"
    # What the function returns is not the answer.
    assert "'answer': event" not in app.rewriting.files["made.py"].text
