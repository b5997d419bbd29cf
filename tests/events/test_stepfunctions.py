"""What becomes of an execution is announced to EventBridge, with its input."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import App, load_app

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12}}
Resources:
  Start:
    Type: AWS::Serverless::Function
    Properties:
      Handler: start.handler
      Environment: {Variables: {MACHINE: !Ref Machine}}
      Policies: [{StepFunctionsExecutionPolicy: {StateMachineName: !GetAtt Machine.Name}}]
      Events: {Api: {Type: Api, Properties: {Path: /x, Method: post}}}
  Work: {Type: AWS::Serverless::Function, Properties: {Handler: work.handler}}
  Watch:
    Type: AWS::Serverless::Function
    Properties:
      Handler: work.handler
      Events:
        Rule: {Type: EventBridgeRule, Properties: {Pattern: %s}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Only
        States: {Only: {Type: Task, Resource: !GetAtt Work.Arn, End: true}}
"""
START = """import os
import boto3
def handler(event, context):
    boto3.client("stepfunctions").start_execution(stateMachineArn=os.environ["MACHINE"], input=event["body"])
"""


def app_of(folder: Path, pattern: str) -> App:
    (folder / "template.yaml").write_text(TEMPLATE % pattern, encoding="utf-8")
    (folder / "start.py").write_text(START, encoding="utf-8")
    (folder / "work.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    return load_app(folder)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{source: [aws.states]}", [("Watch", "linked", True), ("Work", "linked", True)]),
        ("{source: [aws.states], detail: {status: [FAILED]}}", [("Watch", "linked", False), ("Work", "linked", True)]),
        ("{source: [aws.states], detail-type: [Other]}", [("Watch", "filtered", False), ("Work", "linked", True)]),
        ("{source: [shop]}", [("Work", "linked", True)]),
    ],
)
def test_a_rule_hears_of_executions(tmp_path: Path, pattern: str, expected: list[tuple[str, str, bool]]) -> None:
    edges = app_of(tmp_path, pattern).events.edges
    assert sorted((edge.target or "", edge.status, edge.certain) for edge in edges) == expected


def test_the_input_is_a_text_in_the_event(tmp_path: Path) -> None:
    app = app_of(tmp_path, "{source: [aws.states]}")
    [rewritten] = [one for one in app.rewriting.files.values() if one.file == "start.py"]
    assert "'input': json.dumps(json.loads(event['body']))" in rewritten.text


STARTED = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12}}
Resources:
  Tell:
    Type: AWS::Serverless::Function
    Properties: {Handler: tell.handler, Policies: [AdministratorAccess], Events: {Api: {Type: HttpApi}}}
  Work: {Type: AWS::Serverless::Function, Properties: {Handler: work.handler}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: review
      Events: {Sold: {Type: EventBridgeRule, Properties: {Pattern: {source: [%s]}}}}
      Definition:
        StartAt: First
        States:
          First: {Type: Pass, Next: Again}
          Again: {Type: Wait, Seconds: 1, Next: Which}
          Which:
            Type: Choice
            Choices: [{Variable: $.a, IsPresent: true, Next: Again}, {Variable: $.b, IsPresent: true, Next: Gone}]
            Default: Only
          Only: {Type: Task, Resource: !GetAtt Work.Arn, Catch: [{ErrorEquals: [States.ALL], Next: Gone}], End: true}
"""
TELL = """import boto3
def handler(event, context):
    boto3.client("events").put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": event["body"]}])
"""


@pytest.mark.parametrize(("source", "status"), [("shop", "linked"), ("warehouse", "filtered")])
def test_a_machines_own_trigger_starts_it(tmp_path: Path, source: str, status: str) -> None:
    """The states before its first task are passed once each, in whatever circles they lead."""
    (tmp_path / "template.yaml").write_text(STARTED % source, encoding="utf-8")
    (tmp_path / "tell.py").write_text(TELL, encoding="utf-8")
    (tmp_path / "work.py").write_text("def handler(event, context):\n    return event\n", encoding="utf-8")
    (edge,) = load_app(tmp_path).events.edges
    assert (edge.source, edge.target, edge.status, edge.via) == ("Tell", "Work", status, ("stepfunctions:review",))
    assert edge.trigger is not None
    assert (edge.trigger.service, str(edge.trigger.resource)) == ("events", "default")
    assert [state.name for state in edge.states] == ["First", "Again", "Which", "Only"]
