"""Dead-letter queues: what the reader of a queue fails to handle goes on to another queue."""

from __future__ import annotations

import ast

from sls_lab.services import event_objects
from tests.events.conftest import Write, definition

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
FUNCTIONS = """send:
  handler: send.handler
  events: [{httpApi: POST /x}]
work:
  handler: work.handler
  events: [{sqs: {arn: {Fn::GetAtt: [Jobs, Arn]}}}]
bury:
  handler: bury.handler
  events: [{sqs: {arn: {Fn::GetAtt: [Dead, Arn]}}}]"""
RESOURCES = """Jobs:
  Type: AWS::SQS::Queue
  Properties: {QueueName: jobs, RedrivePolicy: {deadLetterTargetArn: {Fn::GetAtt: [Dead, Arn]}, maxReceiveCount: 3}}
Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: dead}}"""


def test_a_message_may_go_to_the_dead_letter_queue_as_it_is(application: Write) -> None:
    call = "boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/jobs', "
    app = application(
        ANYTHING,
        FUNCTIONS,
        RESOURCES,
        send=f"def handler(event, context):\n    {call}MessageBody=event['body'])\n",
        work="def handler(event, context):\n    return event\n",
        bury="def handler(event, context):\n    return event\n",
    )
    work, bury = app.events.edges
    assert (work.target, work.certain, work.via) == ("work", True, ())
    assert (bury.target, bury.status, bury.certain, bury.via) == ("bury", "linked", False, ("sqs:dead",))
    (delivered,) = event_objects(bury, definition(app))
    assert ast.unparse(delivered.expression) == "{'Records': [{'body': event['body'], 'eventSource': 'aws:sqs'}]}"


def test_a_message_to_one_of_two_queues_is_sent_once(application: Write) -> None:
    """Both names may be the queue's own, and still one message arrives."""
    app = application(
        ANYTHING,
        FUNCTIONS,
        RESOURCES,
        send="def handler(event, context):\n    url = event['a'] if event else event['b']\n"
        "    boto3.client('sqs').send_message(QueueUrl=url, MessageBody='hello')\n",
        work="def handler(event, context):\n    return event\n",
        bury="def handler(event, context):\n    return event\n",
    )
    for edge in app.events.edges:
        (delivered,) = event_objects(edge, definition(app))
        assert ast.unparse(delivered.expression) == "{'Records': [{'body': 'hello', 'eventSource': 'aws:sqs'}]}"
