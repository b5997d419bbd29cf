"""What a Choice or a stream's filter compares with constants can be nothing else afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import App, load_app
from sls_lab.events.compared_fields import compared_fields

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Environment: {Variables: {MACHINE: !Ref Machine, NOTES: !Ref Notes}}}}
Resources:
  Start:
    Type: AWS::Serverless::Function
    Properties:
      Handler: start.handler
      Policies: [AdministratorAccess]
      Events: {Api: {Type: Api, Properties: {Path: /x, Method: post}}}
  Work: {Type: AWS::Serverless::Function, Properties: {Handler: work.handler}}
  Watch:
    Type: AWS::Serverless::Function
    Properties:
      Handler: work.handler
      Events:
        Stream:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Notes.StreamArn
            StartingPosition: LATEST
            FilterCriteria: {Filters: [FILTER]}
  Notes: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: Choose, States: {STATES}}
"""
START = """import json, os
import boto3
def handler(event, context):
    body = json.loads(event["body"])
    job = {"kind": "small", "name": body["name"]}
    boto3.client("stepfunctions").start_execution(stateMachineArn=os.environ["MACHINE"], input=json.dumps(job))
    boto3.resource("dynamodb").Table(os.environ["NOTES"]).put_item(Item={"kind": body["kind"]})
"""
RUN = "Run: {Type: Task, Resource: !GetAtt Work.Arn, End: true}, Stop: {Type: Fail}"
NAMED = "{Variable: $.name, StringEquals: a, Next: Run}"


def app_of(folder: Path, states: str = RUN, pattern: str = "{Pattern: '{}'}") -> App:
    text = TEMPLATE.replace("STATES", states).replace("FILTER", pattern)
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    (folder / "start.py").write_text(START, encoding="utf-8")
    (folder / "work.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    return load_app(folder)


def choice(*rules: str, default: str = "Stop", rest: str = RUN) -> str:
    return f"Choose: {{Type: Choice, Choices: [{', '.join(rules)}], Default: {default}}}, {rest}"


def fields(app: App, target: str) -> set[str]:
    edges = [edge for edge in app.events.edges if edge.target == target]
    assert [edge.status for edge in edges] == ["linked"]
    return {".".join(path) for path, _ in compared_fields(app.template, edges[0])}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (choice(NAMED), {"name"}),
        (choice(NAMED, default="Run"), set()),
        (choice("{Variable: $.name, StringMatches: a*, Next: Run}"), set()),
        (choice("{Not: {Variable: $.name, StringEquals: a}, Next: Run}"), set()),
        (
            choice("{Or: [{Variable: $.name, StringEquals: a}, {Variable: $.name, NumericEquals: 1}], Next: Run}"),
            {"name"},
        ),
        (choice("{Or: [{Variable: $.name, StringEquals: a}, {Variable: $.kind, IsPresent: true}], Next: Run}"), set()),
        (
            choice("{And: [{Variable: $.name, StringEquals: a}, {Variable: $.kind, IsPresent: true}], Next: Run}"),
            {"name"},
        ),
        (choice(NAMED, "{Variable: $.kind, StringEquals: small, Next: Run}"), set()),
        (
            choice(
                "{Variable: $.name, StringEquals: a, Next: Pass}",
                rest=f"Pass: {{Type: Pass, Parameters: {{job.$: $.name, of.$: $.kind}}, Next: Run}}, {RUN}",
            ),
            {"job"},
        ),
        (choice(NAMED, default="Other", rest=f"Other: {{Type: Pass, Next: Run}}, {RUN}"), set()),
        (choice(NAMED, default="Other", rest=f"Other: {{Type: Pass, Next: Stop}}, {RUN}"), {"name"}),
    ],
)
def test_what_a_choice_compares(tmp_path: Path, states: str, expected: set[str]) -> None:
    assert fields(app_of(tmp_path, states), "Work") == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("$states.input.name = 'a'", {"name"}),
        ("$states.input.name = 'a' or $states.input.name in ['b', 'c']", {"name"}),
        ("$states.input.name = 'a' or $states.input.kind = 'b'", set()),
        ("$states.input.name != 'a'", set()),
        ("$states.input.name = $states.input.kind", set()),
    ],
)
def test_what_a_condition_compares(tmp_path: Path, condition: str, expected: set[str]) -> None:
    rules = f'[{{Condition: "{{% {condition} %}}", Next: Run}}]'
    states = f"Choose: {{Type: Choice, QueryLanguage: JSONata, Choices: {rules}, Default: Stop}}, {RUN}"
    assert fields(app_of(tmp_path, states), "Work") == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{"dynamodb": {"NewImage": {"kind": {"S": ["a", "b"]}}}}', {"Records.*.dynamodb.NewImage.kind.S"}),
        ('{"dynamodb": {"NewImage": {"kind": {"S": ["a", {"prefix": "b"}]}}}}', set()),
        ('{"eventName": ["INSERT"]}', set()),
    ],
)
def test_what_a_stream_compares(tmp_path: Path, pattern: str, expected: set[str]) -> None:
    assert fields(app_of(tmp_path, pattern=f"{{Pattern: '{pattern}'}}"), "Watch") == expected


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (choice("{Variable: $.kind, StringEquals: large, Next: Run}"), "filtered"),
        (choice("{Variable: $.kind, StringEquals: small, Next: Run}"), "linked"),
        (choice("{Variable: $.kind, StringEquals: small, Next: Stop}", default="Run"), "filtered"),
        (choice("{Variable: $.kind, StringEquals: large, Next: Stop}", default="Run"), "linked"),
        (choice(NAMED), "linked"),
    ],
)
def test_a_choice_among_what_is_written_out(tmp_path: Path, states: str, status: str) -> None:
    edges = [edge for edge in app_of(tmp_path, states).events.edges if edge.target == "Work"]
    assert [edge.status for edge in edges] == [status]
