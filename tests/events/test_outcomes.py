"""Where the outcome of an asynchronous invocation goes, when it does not, and what arrives there."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab import App, load_app
from sls_lab.events import Edge
from sls_lab.services import outcome_object

Write = Callable[..., App]

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
QUEUE = "Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: inbox}}"
WORK = {"work": "def handler(event, context):\n    return event['k']\n", "take": "def handler(event, context): pass\n"}


def outcomes(app: App) -> list[Edge]:
    return [edge for edge in app.events.edges if edge.is_outcome]


def functions(destinations: str, take: str = "", work: str = "") -> str:
    return f"""work:
  handler: work.handler
  destinations: {destinations}
{work}
take:
  handler: take.handler
{take}"""


SCHEDULE = "  events: [{schedule: rate(1 day)}]"
DESTINATIONS = {
    "function by name": ("{onSuccess: take}", "", "", ()),
    "function by ARN": ("{onSuccess: 'arn:aws:lambda:eu-west-1:1:function:demo-dev-take'}", "", "", ()),
    "queue": (
        "{onSuccess: {type: sqs, arn: {Fn::GetAtt: [Queue, Arn]}}}",
        "  events: [{sqs: {arn: {Fn::GetAtt: [Queue, Arn]}}}]",
        QUEUE,
        ("sqs:inbox",),
    ),
    "topic": (
        "{onSuccess: 'arn:aws:sns:eu-west-1:1:news'}",
        "  events: [{sns: 'arn:aws:sns:eu-west-1:1:news'}]",
        "",
        ("sns:news",),
    ),
    "bus": (
        "{onSuccess: 'arn:aws:events:eu-west-1:1:event-bus/default'}",
        "  events: [{eventBridge: {pattern: {source: [lambda], detail: {requestContext: {condition: [Success]}}}}}]",
        "",
        ("events:default",),
    ),
}


@pytest.mark.parametrize("name", DESTINATIONS)
def test_an_outcome_wakes_what_listens_to_the_destination(application: Write, name: str) -> None:
    destinations, take, resources, via = DESTINATIONS[name]
    app = application(ANYTHING, functions(destinations, take, SCHEDULE), resources, **WORK)
    [edge] = outcomes(app)
    assert (edge.source, edge.target, edge.service, edge.api) == ("work", "take", "lambda", "onSuccess")
    assert (edge.status, edge.certain, edge.via) == ("linked", True, via)
    assert app.events.entries["take"].kind == "internal"


def test_the_framework_grants_what_its_destinations_need(application: Write) -> None:
    statement = "- {Effect: Allow, Action: 's3:GetObject', Resource: '*'}"
    [edge] = outcomes(application(statement, functions("{onSuccess: take}", "", SCHEDULE), **WORK))
    assert edge.status == "linked"


@pytest.mark.parametrize(
    ("work", "status", "certain", "words"),
    [
        ("  events: [{schedule: rate(1 day)}]", "linked", True, "asynchronously"),
        ("  events: [{httpApi: POST /x}]", "filtered", False, "waits for the result"),
        ("  events: [{sqs: 'arn:aws:sqs:eu-west-1:1:q'}]", "filtered", False, "waits for the result"),
        ("  events: [{httpApi: POST /x}, {sns: news}]", "linked", True, "sns event"),
        ("", "linked", False, "not known"),
    ],
)
def test_only_asynchronous_invocations_have_a_destination(
    application: Write, work: str, status: str, certain: bool, words: str
) -> None:
    [edge] = outcomes(application(ANYTHING, functions("{onFailure: take}", "", work), **WORK))
    assert (edge.api, edge.status) == ("onFailure", status)
    assert edge.certain == certain or status == "filtered"
    assert any(words in reason.text for reason in edge.because)


@pytest.mark.parametrize(
    ("kind", "status", "certain"),
    [
        (", InvocationType='Event'", "linked", True),
        (", InvocationType=event['t']", "linked", False),
        (", InvocationType='RequestResponse'", "filtered", False),
        ("", "filtered", False),
    ],
)
def test_a_call_counts_by_its_invocation_type(application: Write, kind: str, status: str, certain: bool) -> None:
    call = f"boto3.client('lambda').invoke(FunctionName='demo-dev-work', Payload='1'{kind})"
    text = functions("{onSuccess: take}") + "\ncaller: {handler: call.handler, events: [{httpApi: POST /x}]}"
    app = application(ANYTHING, text, call=f"def handler(event, context):\n    {call}\n", **WORK)
    [edge] = outcomes(app)
    assert edge.status == status
    assert edge.certain == certain or status == "filtered"
    # What goes into the function does not come out at its destination.
    assert [one.target for one in app.events.edges if one.call is not None] == ["work"]


def test_a_rule_for_failures_does_not_match_a_success(application: Write) -> None:
    take = "  events: [{eventBridge: {pattern: {detail-type: ['Lambda Function Invocation Result - Failure']}}}]"
    destinations = "{onSuccess: 'arn:aws:events:eu-west-1:1:event-bus/default'}"
    [edge] = outcomes(application(ANYTHING, functions(destinations, take, SCHEDULE), **WORK))
    assert edge.status == "filtered"
    destinations = "{onFailure: 'arn:aws:events:eu-west-1:1:event-bus/default'}"
    [edge] = outcomes(application(ANYTHING, functions(destinations, take, SCHEDULE), **WORK))
    assert edge.status == "linked"


def test_an_unknown_destination_is_said_to_be_left_out(application: Write) -> None:
    app = application(ANYTHING, functions("{onSuccess: '${ssm:/destination}'}", "", SCHEDULE), **WORK)
    assert outcomes(app) == []
    [note] = [one for one in app.template.diagnostics if one.code == "destination-unknown"]
    assert note.span is not None and note.span.line == 13
    assert "ssm" in note.message


SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Handler: work.handler
      Runtime: python3.12
      Events: {Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
      EventInvokeConfig:
        DestinationConfig:
          OnSuccess: {Type: Lambda, Destination: !GetAtt Take.Arn}
  Take:
    Type: AWS::Serverless::Function
    Properties: {Handler: take.handler, Runtime: python3.12}
"""
PLAIN = """Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{PolicyDocument: {Statement: [{Effect: EFFECT, Action: 'lambda:*', Resource: '*'}]}}]
  Work:
    Type: AWS::Lambda::Function
    Properties: {Handler: work.handler, Runtime: python3.12, Role: !GetAtt Role.Arn}
  Take:
    Type: AWS::Lambda::Function
    Properties: {Handler: take.handler, Runtime: python3.12, Role: !GetAtt Role.Arn}
  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Work
      Qualifier: $LATEST
      DestinationConfig: {OnSuccess: {Destination: !GetAtt Take.Arn}}
"""


@pytest.mark.parametrize(
    ("template", "status"),
    [(SAM, "linked"), (PLAIN.replace("EFFECT", "Allow"), "linked"), (PLAIN.replace("EFFECT", "Deny"), "denied")],
)
def test_sam_and_cloudformation_declare_destinations(tmp_path: Path, template: str, status: str) -> None:
    (tmp_path / "template.yaml").write_text(template, encoding="utf-8")
    for name, code in WORK.items():
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    [edge] = outcomes(load_app(tmp_path))
    assert (edge.source, edge.target, edge.status) == ("Work", "Take", status)


def evaluated(edge: Edge, result: str) -> object:
    entered, value = ast.parse("{'k': 'given'}", mode="eval").body, ast.parse(result, mode="eval").body
    made = outcome_object(edge.relays, edge.trigger, entered, value)
    expression = ast.fix_missing_locations(ast.Expression(made.expression))
    return eval(compile(expression, "event", "eval"), {"json": json})


def test_the_record_is_as_documented(application: Write) -> None:
    [edge] = outcomes(application(ANYTHING, functions("{onSuccess: take}", "", SCHEDULE), **WORK))
    record = evaluated(edge, "'done'")
    assert record == {
        "version": "1.0",
        "requestContext": {"condition": "Success"},
        "requestPayload": {"k": "given"},
        "responsePayload": "done",
    }
    [edge] = outcomes(application(ANYTHING, functions("{onFailure: take}", "", SCHEDULE), **WORK))
    record = evaluated(edge, "'too long'")
    assert isinstance(record, dict)
    assert record["responsePayload"] == {"errorMessage": "too long"}
    assert record["requestContext"] == {"condition": "RetriesExhausted"}


def test_calls_are_written_where_the_function_ends(application: Write) -> None:
    code = (
        "def handler(event, context):\n"
        "    if not event['k']:\n        raise ValueError('no ' + event['k'])\n    return {'done': event['k']}\n"
    )
    both = functions("{onSuccess: take, onFailure: take}", "", SCHEDULE)
    app = application(ANYTHING, both, work=code, take=WORK["take"])
    ast.parse(app.rewriting.files["work.py"].text)
    objects = written(app)
    assert "'errorMessage': 'no ' + event['k']" in objects[5]
    assert "'responsePayload': {'done': event['k']}" in objects[6]
    assert [edit.span.line for edit in app.rewriting.files["work.py"].edits if edit.kind == "handler-call"] == [5, 6]


def written(app: App) -> dict[int, str]:
    """The event objects that were written into the file, by their lines in the original."""
    edits = app.rewriting.files["work.py"].edits
    return {edit.span.line: ast.unparse(edit.node) for edit in edits if edit.kind == "event-object" and edit.node}


def test_what_was_given_is_handed_on_by_a_function_that_returns_nothing(application: Write) -> None:
    code = 'def handler(event, context):\n    """Work."""\n    print(event)\n'
    app = application(ANYTHING, functions("{onSuccess: take}", "", SCHEDULE), work=code, take=WORK["take"])
    assert "'requestPayload': event" in written(app)[5]
