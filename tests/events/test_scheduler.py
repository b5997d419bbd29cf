"""EventBridge Scheduler: what a schedule is created with reaches its target."""

from __future__ import annotations

import ast

import pytest

from sls_lab import App
from sls_lab.services import event_objects
from tests.events.conftest import Write, definition

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
FUNCTIONS = """send:
  handler: send.handler
  events: [{httpApi: POST /x}]
  environment: {TARGET: {Fn::GetAtt: [TakeLambdaFunction, Arn]}, ROLE: {Fn::GetAtt: [Caller, Arn]}}
take:
  handler: take.handler"""
RESOURCES = """Caller: {Type: AWS::IAM::Role, Properties: {RoleName: caller}}
Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}"""
ARN = "'arn:aws:lambda:eu-west-1:1:function:demo-dev-take'"
QUEUE = "'arn:aws:sqs:eu-west-1:1:jobs'"
BUS = "'arn:aws:events:eu-west-1:1:event-bus/shop'"


def app_of(
    application: Write, target: str, *, events: str = "[]", statements: str = ANYTHING, api: str = "create"
) -> App:
    """A function that makes a schedule with a target, and one that may be woken."""
    call = f"boto3.client('scheduler').{api}_schedule(Name='x', ScheduleExpression='at(2030-01-01T00:00:00)', "
    call += f"FlexibleTimeWindow={{'Mode': 'OFF'}}, Target={target})"
    return application(
        statements,
        f"{FUNCTIONS}\n  events: {events}",
        RESOURCES,
        send=f"import os\ndef handler(event, context):\n    {call}\n",
        take="def handler(event, context):\n    return event\n",
    )


def arriving(app: App) -> str:
    (edge,) = app.events.edges
    assert (edge.source, edge.target, edge.service, edge.status) == ("send", "take", "scheduler", "linked")
    (delivered,) = event_objects(edge, definition(app))
    return ast.unparse(delivered.expression)


@pytest.mark.parametrize("api", ["create", "update"])
def test_a_function_gets_the_input(application: Write, api: str) -> None:
    target = "{'Arn': os.environ['TARGET'], 'RoleArn': os.environ['ROLE'], 'Input': event['body']}"
    app = app_of(application, target, api=api)
    assert arriving(app) == "json.loads(event['body'])"
    assert app.events.edges[0].certain
    assert app.events.entries["take"].kind == "internal"


@pytest.mark.parametrize(
    ("target", "events", "expected"),
    [
        (f"{{'Arn': {ARN}, 'RoleArn': 'r', 'Input': json.dumps({{'a': event['b']}})}}", "[]", "{'a': event['b']}"),
        (f"{{'Arn': {ARN}, 'RoleArn': 'r'}}", "[]", "{}"),
        (
            f"{{'Arn': {QUEUE}, 'RoleArn': 'r', 'Input': event['body']}}",
            "[{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}]",
            "{'Records': [{'body': event['body'], 'eventSource': 'aws:sqs'}]}",
        ),
        (
            f"{{'Arn': {BUS}, 'RoleArn': 'r', 'Input': event['body'], "
            "'EventBridgeParameters': {'DetailType': 'd', 'Source': 's'}}",
            "[{eventBridge: {eventBus: shop, pattern: {source: [s]}}}]",
            "{'version': '0', 'detail-type': 'd', 'source': 's', 'detail': json.loads(event['body'])}",
        ),
        (
            "{'Arn': 'arn:aws:scheduler:::aws-sdk:lambda:invoke', 'RoleArn': 'r', 'Input': "
            "json.dumps({'FunctionName': 'demo-dev-take', 'Payload': event['body']})}",
            "[]",
            "json.loads(event['body'])",
        ),
        (
            "{'Arn': 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', 'RoleArn': 'r', 'Input': "
            "json.dumps({'QueueUrl': 'https://sqs.eu-west-1.amazonaws.com/1/jobs', 'MessageBody': event['body']})}",
            "[{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}]",
            "{'Records': [{'body': event['body'], 'eventSource': 'aws:sqs'}]}",
        ),
    ],
)
def test_what_arrives_at_each_target(application: Write, target: str, events: str, expected: str) -> None:
    assert arriving(app_of(application, target, events=events)) == expected


def test_a_bus_filters_what_a_schedule_sends(application: Write) -> None:
    target = f"{{'Arn': {BUS}, 'RoleArn': 'r', 'EventBridgeParameters': {{'DetailType': 'd', 'Source': 's'}}}}"
    app = app_of(application, target, events="[{eventBridge: {eventBus: shop, pattern: {source: [other]}}}]")
    assert [edge.status for edge in app.events.edges] == ["filtered"]


@pytest.mark.parametrize(
    "statements",
    [
        "- {Effect: Allow, Action: 'iam:PassRole', Resource: '*'}",
        "- {Effect: Allow, Action: 'scheduler:CreateSchedule', Resource: '*'}",
        "- {Effect: Allow, Action: ['iam:PassRole', 'scheduler:UpdateSchedule'], Resource: '*'}",
    ],
)
def test_it_takes_the_permission_to_create_and_to_pass_the_role(application: Write, statements: str) -> None:
    target = "{'Arn': os.environ['TARGET'], 'RoleArn': os.environ['ROLE'], 'Input': event['body']}"
    assert [edge.status for edge in app_of(application, target, statements=statements).events.edges] == ["denied"]


def test_another_target_wakes_nobody_here(application: Write) -> None:
    target = "{'Arn': 'arn:aws:lambda:eu-west-1:1:function:other', 'RoleArn': 'r', 'Input': event['body']}"
    assert app_of(application, target).events.edges == ()


@pytest.mark.parametrize(
    ("events", "settings"),
    [
        ("[{schedule: {method: scheduler, rate: rate(1 day), input: {a: b}}}]", {"method", "rate", "input"}),
        ("[{schedule: rate(1 day)}]", {"rate"}),
    ],
)
def test_a_schedule_of_the_template_is_a_clock(application: Write, events: str, settings: set[str]) -> None:
    app = app_of(application, "{'Arn': 'x', 'RoleArn': 'r'}", events=events)
    (trigger,) = app.template.function("take").triggers
    assert (trigger.type, trigger.service, set(trigger.settings)) == ("schedule", None, settings)
    assert app.events.entries["take"].kind == "internal"
