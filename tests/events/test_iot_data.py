"""AWS IoT: messages published to a topic wake what the topic rules name."""

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
take:
  handler: take.handler
  events: %s"""
PUBLISH = "boto3.client('iot-data').publish(topic='doors/' + event['door'], payload=event['body'])"


def app_of(
    application: Write, sql: str, call: str = PUBLISH, statements: str = ANYTHING, resources: str = "", events: str = ""
) -> App:
    """A function that publishes, and one that a topic rule wakes."""
    return application(
        statements,
        FUNCTIONS % (events or f'[{{iot: {{sql: "{sql}"}}}}]'),
        resources,
        send=f"def handler(event, context):\n    {call}\n",
        take="def handler(event, context):\n    return event\n",
    )


@pytest.mark.parametrize(
    ("sql", "status", "certain"),
    [
        ("SELECT * FROM 'doors/#'", "linked", True),
        ("SELECT * FROM 'doors/front'", "linked", False),
        ("SELECT * FROM 'windows/#'", "filtered", False),
        ("SELECT * FROM 'doors/#' WHERE open = true", "linked", False),
        ("everything", "linked", False),
    ],
)
def test_a_topic_rule_filters_the_topic(application: Write, sql: str, status: str, certain: bool) -> None:
    (edge,) = app_of(application, sql).events.edges
    assert (edge.source, edge.target, edge.service, edge.api) == ("send", "take", "iot-data", "publish")
    assert (edge.status, edge.certain) == (status, certain)


def test_devices_can_publish_too(application: Write) -> None:
    assert app_of(application, "SELECT * FROM 'doors/#'").events.entries["take"].kind == "public"


def test_the_function_gets_what_the_rule_selects(application: Write) -> None:
    app = app_of(application, "SELECT state.open AS open, topic(2) AS door FROM 'doors/#'")
    (edge,) = app.events.edges
    (delivered,) = event_objects(edge, definition(app))
    opened = "json.loads(event['body'])['state']['open']"
    assert ast.unparse(delivered.expression) == f"{{'open': {opened}, 'door': 'doors/' + event['door']}}"


def test_it_takes_the_permission_to_publish_to_the_topic(application: Write) -> None:
    allowed = "- {Effect: Allow, Action: 'iot:Publish', Resource: 'arn:aws:iot:*:*:topic/%s'}"
    sql = "SELECT * FROM 'doors/#'"
    for topic, status in (("doors/*", "linked"), ("windows/*", "denied")):
        (edge,) = app_of(application, sql, statements=allowed % topic).events.edges
        assert edge.status == status


RULE = """Rule:
  Type: AWS::IoT::TopicRule
  Properties:
    TopicRulePayload:
      Sql: SELECT * FROM 'doors/#'
      RuleDisabled: %s
      Actions: [%s]"""
QUEUE = "{Sqs: {QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/jobs', RoleArn: r}}"
TABLE = "{DynamoDBv2: {PutItem: {TableName: notes}, RoleArn: r}}"


@pytest.mark.parametrize(
    ("action", "disabled", "events", "expected"),
    [
        (
            QUEUE,
            "false",
            "[{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}]",
            "{'Records': [{'body': json.dumps(json.loads(event['body'])), 'eventSource': 'aws:sqs'}]}",
        ),
        (
            "{Lambda: {FunctionArn: {Fn::GetAtt: [TakeLambdaFunction, Arn]}}}",
            "false",
            "[]",
            "json.loads(event['body'])",
        ),
        (QUEUE, "true", "[{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}]", None),
    ],
)
def test_a_rule_of_the_template_leads_on(
    application: Write, action: str, disabled: str, events: str, expected: str | None
) -> None:
    app = app_of(application, "", resources=RULE % (disabled, action), events=events)
    if expected is None:
        assert app.events.edges == ()
        return
    (edge,) = app.events.edges
    (delivered,) = event_objects(edge, definition(app))
    assert (edge.status, ast.unparse(delivered.expression)) == ("linked", expected)


def test_a_rule_writes_the_message_into_a_table(application: Write) -> None:
    stream = "[{stream: {type: dynamodb, arn: 'arn:aws:dynamodb:eu-west-1:1:table/notes/stream/x'}}]"
    call = "boto3.client('iot-data').publish(topic='doors/a', payload=json.dumps({'name': event['n']}))"
    app = app_of(application, "", call, resources=RULE % ("false", TABLE), events=stream)
    (edge,) = app.events.edges
    assert edge.via == ("dynamodb:notes",)
    (delivered,) = event_objects(edge, definition(app))
    assert "'NewImage': {'name': {'S': event['n']" in ast.unparse(delivered.expression)
