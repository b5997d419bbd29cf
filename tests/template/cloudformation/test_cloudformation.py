"""Whole templates: what is kept, what is left out, and what bad input says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab.template.cloudformation.stack_template import read_cloudformation
from sls_lab.template.model import Options
from sls_lab.template.shared.template_part import TemplatePart
from tests.template.work import counted

Read = Callable[..., TemplatePart]

FUNCTION = "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: a.handler}}"


def test_a_plain_function(read: Read) -> None:
    part = read(
        """
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties:
              FunctionName: resize
              Runtime: python3.12
              Handler: src/main.handler
              Code: ./lambda
              Role: arn:aws:iam::123456789012:role/elsewhere
              Environment: {Variables: {A: 1}}
    """,
        {"lambda/src/main.py": ""},
    )
    [function] = part.functions
    assert part.kind == "cloudformation"
    assert (function.name, function.deployed_name.text, function.handler) == ("F", "resize", "src/main.handler")
    assert (function.file, function.attribute, function.code_root) == ("lambda/src/main.py", "handler", "lambda")
    assert (function.span.line, function.handler_span.line) == (3, 8)
    assert function.environment["A"].value.text == "1"
    assert not function.role.complete
    assert function.triggers == ()


def test_json_and_the_long_forms(read: Read) -> None:
    template = {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Resources": {
            "F": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "FunctionName": {"Fn::Join": ["-", ["f", {"Ref": "Stage"}]]},
                    "Runtime": "python3.12",
                    "Handler": "a.handler",
                },
            }
        },
    }
    [function] = read(json.dumps(template, indent=2), name="template.json").functions
    assert function.deployed_name.text == "f-dev"


def test_conditions_decide_what_is_deployed(read: Read) -> None:
    part = read(f"""
        Parameters: {{Stage: {{Type: String, Default: dev}}, Key: {{Type: String}}}}
        Conditions:
          Live: !Equals [!Ref Stage, live]
          Dev: !Not [{{Condition: Live}}]
          Keyed: !Equals [!Ref Key, x]
        Resources:
          Yes: {FUNCTION[:-1]}, Condition: Dev}}
          No: {FUNCTION[:-1]}, Condition: Live}}
          Maybe: {FUNCTION[:-1]}, Condition: Keyed}}
    """)
    assert [function.name for function in part.functions] == ["Yes", "Maybe"]
    assert "taken to hold" in part.functions[1].because[0].text


def test_code_of_the_cdk_is_found_by_its_asset(read: Read) -> None:
    part = read(
        """
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties: {Runtime: python3.12, Handler: main.handler, Code: {S3Bucket: b, S3Key: k}}
            Metadata: {"aws:asset:path": asset.1, "aws:asset:property": Code}
    """,
        {"asset.1/main.py": ""},
    )
    assert part.functions[0].file == "asset.1/main.py"


@pytest.mark.parametrize(
    ("properties", "code", "language"),
    [
        ("{Runtime: nodejs20.x, Handler: a.handler}", "not-python", "other"),
        ("{Handler: a.handler}", "runtime-missing", "other"),
        ("{Runtime: python3.12}", "handler-missing", "python"),
        ("{Runtime: python3.12, Handler: nowhere.handler}", "handler-file-missing", "python"),
        ("{Runtime: python3.12, Handler: handler}", "handler-malformed", "python"),
        ("{Runtime: python3.12, Handler: ../x.handler}", "handler-file-missing", "python"),
        ("{Code: {ImageUri: x}}", "container-image", "other"),
    ],
)
def test_what_is_not_analysed_says_why(read: Read, properties: str, code: str, language: str) -> None:
    part = read(f"""
        Resources:
          F: {{Type: AWS::Lambda::Function, Properties: {properties}}}
          G: {FUNCTION}
    """)
    bad, good = part.functions
    assert (bad.file, bad.language) == (None, language)
    assert good.file == "a.py"
    [diagnostic] = part.diagnostics
    assert diagnostic.code in (code, "path-outside")
    assert diagnostic.level == "error"
    assert diagnostic.span is not None and diagnostic.span.line == 3


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("", "template-empty"),
        ("just text", "template-empty"),
        ("[1, 2]", "template-empty"),
        ("Resources: {}", "template-empty"),
        ("Resources: [", "yaml-broken"),
        ("Resources: {A: 1}", "resource-without-type"),
        ("Resources: {A: {Type: [1]}}", "resource-without-type"),
        ("Resources: {'Fn::ForEach::X': [A, [1], {}]}", "loop-malformed"),
        ("Resources: {'Fn::ForEach::X': [A, {Ref: B}, {'${A}': {Type: T}}], B: {Type: T}}", "loop-not-unfolded"),
    ],
)
def test_a_broken_template_is_one_diagnostic(read: Read, template: str, code: str) -> None:
    part = read(template)
    assert part.functions == ()
    assert [diagnostic.code for diagnostic in part.diagnostics] == [code]
    assert part.diagnostics[0].span is not None


def test_a_missing_file_is_a_diagnostic(tmp_path: Path) -> None:
    part = read_cloudformation(tmp_path, "template.yaml", Options())
    assert [diagnostic.code for diagnostic in part.diagnostics] == ["file-missing"]


@pytest.mark.parametrize(
    "value", ["null", "1", "[]", "{}", "text", "[{}]", "{a: b}", "[[1]]", "!Ref Nowhere", "{'Fn::If': 3}"]
)
@pytest.mark.parametrize("place", ["Properties", "Events", "Policies", "Environment", "Layers", "Role", "Event"])
def test_odd_values_anywhere_never_raise(read: Read, place: str, value: str) -> None:
    properties = {
        "Properties": value,
        "Event": f"{{Runtime: python3.12, Handler: a.handler, Events: {{E: {{Type: SQS, Properties: {value}}}}}}}",
    }.get(place, f"{{Runtime: python3.12, Handler: a.handler, {place}: {value}}}")
    part = read(f"""
        Transform: AWS::Serverless-2016-10-31
        Globals: {{Function: {value}}}
        Resources:
          F: {{Type: AWS::Serverless::Function, Properties: {properties}}}
          T: {{Type: AWS::SNS::Topic, Properties: {{Subscription: {value}}}}}
          B: {{Type: AWS::S3::Bucket, Properties: {{NotificationConfiguration: {value}}}}}
          R: {{Type: AWS::IAM::Role, Properties: {{Policies: {value}, ManagedPolicyArns: {value}}}}}
          A: {{Type: AWS::Serverless::Api, Properties: {{DefinitionBody: {{paths: {value}}}}}}}
          E: {{Type: AWS::Events::Rule, Properties: {{EventPattern: {value}, Targets: {value}}}}}
          P: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: {value}, PolicyDocument: {{Statement: {value}}}}}}}
          S: {{Type: AWS::Serverless::StateMachine, Properties: {{Definition: {{StartAt: A, States: {value}}}}}}}
          C:
            Type: AWS::Serverless::Connector
            Properties: {{Source: {{Id: F}}, Destination: {value}, Permissions: {value}}}
    """)
    assert [function.name for function in part.functions] == ["F"]


def test_many_functions_are_read_in_linear_time(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("", encoding="utf-8")
    calls = []
    for count in (100, 400):
        lines = ["Transform: AWS::Serverless-2016-10-31", "Resources:"]
        for index in range(count):
            lines.append(f"  Q{index}: {{Type: AWS::SQS::Queue}}")
            lines.append(
                f"  F{index}: {{Type: AWS::Serverless::Function, Properties: {{Runtime: python3.12, Handler: a.handler,"
                f" Policies: [SQSSendMessagePolicy: {{QueueName: !GetAtt Q{index}.QueueName}}],"
                f" Events: {{E: {{Type: SQS, Properties: {{Queue: !GetAtt Q{index}.Arn}}}}}}}}}}"
            )
        (tmp_path / "template.yaml").write_text("\n".join(lines), encoding="utf-8")
        part, made = counted(lambda: read_cloudformation(tmp_path, "template.yaml", Options()))
        calls.append(made)
        assert len(part.functions) == count and not part.diagnostics
    assert calls[1] < 4.5 * calls[0]  # four times as much; quadratic would be sixteen
