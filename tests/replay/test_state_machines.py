"""State machines are walked as the Amazon States Language says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sls_lab.replay import Request, Simulation
from sls_lab.replay.json_paths import PathError, at_path, filled, put_at, selected

Written = Callable[..., Any]
Simulated = Callable[[Any], Simulation]

START = """
    import json
    import boto3

    def handler(event, context):
        return boto3.client("stepfunctions").start_sync_execution(
            stateMachineArn="arn:aws:states:eu-west-1:123456789012:stateMachine:walk", input=json.dumps(event)
        )["output"]
"""
TASKS = """
    def double(event, context):
        return {"value": event["value"] * 2}

    def fail(event, context):
        raise KeyError("gone")
"""
DOUBLE = "arn:aws:lambda:eu-west-1:123456789012:function:trial-dev-double"
FAIL = "arn:aws:lambda:eu-west-1:123456789012:function:trial-dev-fail"


def machine(definition: dict[str, Any]) -> str:
    written = json.dumps(definition)
    return f"""
        resources:
          Resources:
            Walk:
              Type: AWS::StepFunctions::StateMachine
              Properties:
                StateMachineName: walk
                StateMachineType: EXPRESS
                RoleArn: arn:aws:iam::123456789012:role/walk
                Definition: {written}
    """


@pytest.mark.posix
@pytest.mark.parametrize(
    ("states", "output"),
    [
        ({"A": {"Type": "Task", "Resource": DOUBLE, "End": True}}, {"value": 6}),
        ({"A": {"Type": "Task", "Resource": DOUBLE, "ResultPath": "$.list", "End": True}},
         {"value": 3, "list": {"value": 6}}),
        (
            {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": {"FunctionName": DOUBLE, "Payload": {"value.$": "States.MathAdd($.value, 1)"}},
                    "OutputPath": "$.Payload",
                    "End": True,
                }
            },
            {"value": 8},
        ),
        (
            {
                "A": {
                    "Type": "Task",
                    "Resource": FAIL,
                    "Catch": [{"ErrorEquals": ["KeyError"], "Next": "B", "ResultPath": "$.error"}],
                    "End": True,
                },
                "B": {"Type": "Pass", "Parameters": {"name.$": "$.error.Error"}, "End": True},
            },
            {"name": "KeyError"},
        ),
        (
            {
                "A": {
                    "Type": "Choice",
                    "Choices": [{"Variable": "$.value", "NumericGreaterThan": 5, "Next": "B"}],
                    "Default": "C",
                },
                "B": {"Type": "Pass", "Result": "large", "End": True},
                "C": {"Type": "Pass", "Result": "small", "End": True},
            },
            "small",
        ),
        (
            {
                "A": {
                    "Type": "Map",
                    "ItemsPath": "$.list",
                    "Iterator": {"StartAt": "I", "States": {"I": {"Type": "Task", "Resource": DOUBLE, "End": True}}},
                    "End": True,
                }
            },
            [{"value": 2}, {"value": 4}],
        ),
        (
            {
                "A": {
                    "Type": "Parallel",
                    "Branches": [
                        {"StartAt": "L", "States": {"L": {"Type": "Task", "Resource": DOUBLE, "End": True}}},
                        {"StartAt": "R", "States": {"R": {"Type": "Pass", "Result": 1, "End": True}}},
                    ],
                    "End": True,
                }
            },
            [{"value": 6}, 1],
        ),
        (
            {
                "A": {
                    "Type": "Task",
                    "QueryLanguage": "JSONata",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Arguments": {"FunctionName": DOUBLE, "Payload": {"value": "{% $states.input.value + 4 %}"}},
                    "Output": "{% $states.result.Payload.value & '!' %}",
                    "End": True,
                }
            },
            "14!",
        ),
    ],
)  # fmt: skip
def test_what_leaves_a_machine(written: Written, simulated: Simulated, states: dict[str, Any], output: Any) -> None:
    functions = {
        "start": "handler: start.handler",
        "double": "handler: tasks.double",
        "fail": "handler: tasks.fail",
    }
    more = machine({"StartAt": "A", "States": states})
    simulation = simulated(written({"start.py": START, "tasks.py": TASKS}, functions, more))
    replay = simulation.replay(Request("start", {"value": 3, "list": [{"value": 1}, {"value": 2}]}))
    assert replay.hops[0].ending == "returned", replay.hops[0].error
    assert json.loads(replay.hops[0].result) == output


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", {"a": [{"b": 1}, {"b": 2}]}),
        ("$.a[0].b", 1),
        ("$.a[-1]['b']", 2),
        ("$.a[*].b", [1, 2]),
        ("$..b", [1, 2]),
        ("$.a[0:1]", [{"b": 1}]),
    ],
)
def test_paths(path: str, value: Any) -> None:
    assert at_path({"a": [{"b": 1}, {"b": 2}]}, path) == value


@pytest.mark.parametrize("path", ["$.b", "$.a[7]", "$.a[?(@.b)]", "$x"])
def test_a_path_that_leads_nowhere_is_an_error(path: str) -> None:
    with pytest.raises(PathError):
        at_path({"a": [{"b": 1}]}, path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("States.Format('{} of {}', $.n, 'x')", "1 of x"),
        ("States.Array($.n, 2, 'a')", [1, 2, "a"]),
        ("States.JsonToString(States.Array(1))", "[1]"),
        ("States.StringToJson('{\"a\": 1}')", {"a": 1}),
        ("States.ArrayContains(States.Array(1, 2), 2)", True),
        ("States.Base64Decode(States.Base64Encode('hi'))", "hi"),
        ("States.StringSplit('a,b;c', ',;')", ["a", "b", "c"]),
        ("$$.Execution.Name", "run"),
    ],
)
def test_intrinsic_functions(written: str, value: Any) -> None:
    assert selected(written, {"n": 1}, {"Execution": {"Name": "run"}}) == value


@pytest.mark.parametrize(
    "written", ["States.Nothing()", "States.ArrayGetItem(States.Array(1), 7)", "States.Format('{}')"]
)
def test_an_intrinsic_function_that_fails_is_an_error(written: str) -> None:
    with pytest.raises(PathError):
        selected(written, {}, {})


def test_templates_and_results_are_put_together() -> None:
    assert filled({"a.$": "$.x", "b": [{"c.$": "$.x"}]}, {"x": 1}, {}) == {"a": 1, "b": [{"c": 1}]}
    assert put_at({"a": 1}, "$.b.c", 2) == {"a": 1, "b": {"c": 2}}
