"""What each task of a state machine is given: when the execution starts, after another task, and after an error.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from typing import Any

import pytest

from sls_lab import App
from sls_lab.services import event_objects, transition_object

Write = Callable[..., App]

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
FUNCTIONS = """send: {handler: send.handler, events: [{httpApi: POST /x}]}
take: {handler: take.handler}
then: {handler: then.handler}"""
CALL = (
    "boto3.client('stepfunctions').start_execution("
    "stateMachineArn='arn:aws:states:eu-west-1:1:stateMachine:m', input=json.dumps({'a': event['a'], 'b': {'c': 1}}))"
)
GIVEN = "{'a': event['a'], 'b': {'c': 1}}"
TAKE, THEN = ({"Fn::GetAtt": [f"{name}LambdaFunction", "Arn"]} for name in ("Take", "Then"))
LAST = {"Type": "Task", "Resource": THEN, "End": True}


def machine(application: Write, states: dict[str, Any], start: str = "Take") -> App:
    """An application whose machine runs `take`, in most cases followed by `then`."""
    properties = {"StateMachineName": "m", "Definition": {"StartAt": start, "States": states}}
    resources = json.dumps({"Type": "AWS::StepFunctions::StateMachine", "Properties": properties})
    return application(
        ANYTHING,
        FUNCTIONS,
        f"M: {resources}",
        send=f"def handler(event, context):\n    {CALL}\n",
        take="def handler(event, context):\n    return event\n",
        then="def handler(event, context):\n    return event\n",
    )


def first(app: App) -> str:
    """What the first function of the machine is given."""
    (edge,) = [edge for edge in app.events.edges if edge.call is not None]
    definition = app.code.handlers["send"].definition
    assert isinstance(definition, ast.FunctionDef)
    (given,) = event_objects(edge, definition)
    return ast.unparse(given.expression)


def after(app: App) -> str:
    """What `then` is given after `take` was given `entered` and returned `returned`."""
    (edge,) = [edge for edge in app.events.edges if edge.call is None]
    assert (edge.source, edge.target) == ("take", "then")
    return ast.unparse(transition_object(edge.states, ast.Name("entered"), ast.Name("returned")))


@pytest.mark.parametrize(
    ("settings", "given"),
    [
        ({}, GIVEN),
        ({"InputPath": "$.b"}, f"{GIVEN}['b']"),
        ({"InputPath": "$.b", "Parameters": {"x.$": "$.c"}}, f"{{'x': {GIVEN}['b']['c']}}"),
        (
            {"Parameters": {"x.$": "$.b.c", "l": [1, {"y.$": "$"}]}},
            f"{{'x': {GIVEN}['b']['c'], 'l': [1, {{'y': {GIVEN}}}]}}",
        ),
        ({"Parameters": {"id.$": "$$.Execution.Id"}}, "{'id': ''}"),
        ({"InputPath": "$.b", "Parameters": {"x.$": "$$.Execution.Input.a"}}, f"{{'x': {GIVEN}['a']}}"),
        ({"Parameters": {"x.$": "States.Format('of {}', $.a)"}}, f"{{'x': '' + 'of ' + str({GIVEN}['a'])}}"),
    ],
)
def test_the_first_task_is_given_the_input(application: Write, settings: dict[str, Any], given: str) -> None:
    app = machine(application, {"Take": {"Type": "Task", "Resource": TAKE, "End": True, **settings}})
    assert first(app) == given


@pytest.mark.parametrize(
    ("parameters", "given"),
    [
        ({"Payload": {"p.$": "$.a"}}, f"{{'p': {GIVEN}['a']}}"),
        ({"Payload.$": "$.b"}, f"{GIVEN}['b']"),
        ({"Payload.$": "$"}, GIVEN),
        ({}, "{}"),
    ],
)
def test_a_task_that_invokes_by_name_gives_the_payload(
    application: Write, parameters: dict[str, Any], given: str
) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": TAKE, **parameters},
    }
    app = machine(application, {"Take": {**task, "Next": "Then"}, "Then": LAST})
    assert first(app) == given
    assert after(app) == "{'Payload': returned, 'StatusCode': 200}"


@pytest.mark.parametrize(
    ("settings", "given"),
    [
        ({}, "returned"),
        ({"ResultPath": "$"}, "returned"),
        ({"ResultPath": "$.out"}, "{**entered, 'out': returned}"),
        ({"ResultPath": "$.b.out"}, "{**entered, 'b': {**entered['b'], 'out': returned}}"),
        ({"ResultPath": None}, "entered"),
        ({"ResultSelector": {"only.$": "$.r", "k": "v"}}, "{'only': returned['r'], 'k': 'v'}"),
        ({"ResultSelector": {"only.$": "$.r"}, "ResultPath": "$.out"}, "{**entered, 'out': {'only': returned['r']}}"),
        ({"OutputPath": "$.r"}, "returned['r']"),
    ],
)
def test_the_next_task_is_given_what_leaves_the_first(application: Write, settings: dict[str, Any], given: str) -> None:
    take = {"Type": "Task", "Resource": TAKE, "Next": "Then", **settings}
    assert after(machine(application, {"Take": take, "Then": LAST})) == given


@pytest.mark.parametrize(
    ("state", "given"),
    [
        ({}, GIVEN),
        ({"Result": {"k": [1, None]}}, "{'k': [1, None]}"),
        ({"Result": {"k": 1}, "ResultPath": "$.p"}, f"{{**{GIVEN}, 'p': {{'k': 1}}}}"),
        ({"Parameters": {"q.$": "$.a"}}, f"{{'q': {GIVEN}['a']}}"),
        ({"InputPath": "$.b", "OutputPath": "$.c"}, f"{GIVEN}['b']['c']"),
    ],
)
def test_a_state_that_runs_no_function_hands_on(application: Write, state: dict[str, Any], given: str) -> None:
    states = {"P": {"Type": "Pass", "Next": "Take", **state}, "Take": {"Type": "Task", "Resource": TAKE, "End": True}}
    assert first(machine(application, states, start="P")) == given


@pytest.mark.parametrize(
    ("settings", "given"),
    [
        ({"ItemsPath": "$.b"}, f"{GIVEN}['b'][0]"),
        ({"ItemSelector": {"i.$": "$$.Map.Item.Value.n"}, "ItemsPath": "$.b"}, f"{{'i': {GIVEN}['b'][0]['n']}}"),
        ({}, f"{GIVEN}[0]"),
        (
            {"ItemSelector": {"i.$": "$$.Map.Item.Value", "of.$": "$.a"}, "ItemsPath": "$.b"},
            f"{{'i': {GIVEN}['b'][0], 'of': {GIVEN}['a']}}",
        ),
        (
            {"InputPath": "$.b", "Parameters": {"in": [{"i.$": "$$.Map.Item.Value.n", "of.$": "$.c"}]}},
            f"{{'in': [{{'i': {GIVEN}['b'][0]['n'], 'of': {GIVEN}['b']['c']}}]}}",
        ),
    ],
)
def test_within_a_map_a_task_is_given_an_item(application: Write, settings: dict[str, Any], given: str) -> None:
    inner = {"StartAt": "Inner", "States": {"Inner": {"Type": "Task", "Resource": TAKE, "End": True}}}
    app = machine(application, {"Take": {"Type": "Map", "ItemProcessor": inner, "End": True, **settings}})
    assert first(app) == given


def test_within_a_map_the_context_has_the_item(application: Write) -> None:
    task = {"Type": "Task", "Resource": TAKE, "End": True, "Parameters": {"n.$": "$$.Map.Item.Value.n"}}
    inner = {"StartAt": "Inner", "States": {"Inner": task}}
    app = machine(application, {"Take": {"Type": "Map", "ItemsPath": "$.b", "ItemProcessor": inner, "End": True}})
    assert first(app) == f"{{'n': {GIVEN}['b'][0]['n']}}"


ERROR = "{'Error': 'States.TaskFailed', 'Cause': json.dumps({'errorMessage': returned, 'errorType': 'Exception'})}"


@pytest.mark.parametrize(
    ("rule", "given"),
    [({}, ERROR), ({"ResultPath": "$.error"}, f"{{**entered, 'error': {ERROR}}}"), ({"ResultPath": None}, "entered")],
)
def test_after_an_error_the_next_task_is_given_the_input_of_the_first(
    application: Write, rule: dict[str, Any], given: str
) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Then", **rule}]
    take = {"Type": "Task", "Resource": TAKE, "Next": "Done", "Catch": catch}
    assert after(machine(application, {"Take": take, "Done": {"Type": "Succeed"}, "Then": LAST})) == given


def test_a_state_that_follows_either_way_is_given_the_result(application: Write) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Then"}]
    take = {"Type": "Task", "Resource": TAKE, "Next": "Then", "Catch": catch}
    assert after(machine(application, {"Take": take, "Then": LAST})) == "returned"
