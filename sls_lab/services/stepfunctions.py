"""What the task states of a state machine of AWS Step Functions hand to their functions.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sls_lab.services import build
from sls_lab.services.inputs import at_path, entry_of, plain
from sls_lab.services.intrinsics import intrinsic
from sls_lab.services.jsonata import Surroundings, evaluated
from sls_lab.services.state_data import keeps_input, kept_before, speaks_jsonata, with_kept
from sls_lab.template.model import State
from sls_lab.template.shared.node import Node

#: The call of boto3 that lets a task go on which waits for its token.
RESUMING: Final = "send_task_success"


def task_input(states: Sequence[State], value: ast.expr) -> ast.expr:
    """What the last of `states` hands to its function when `value` enters the first; those between run no function."""
    return _led(states, value, value, {})


def transition(states: Sequence[State], entered: ast.expr, result: ast.expr) -> ast.expr:
    """What the last of `states` hands to its function, when that of the first was given `entered` and gave `result`.

    Where an error leads from the first to the second, `result` is the error's message.
    """
    rule = catching(states)
    if waits_for_token(states[0]) and rule is None:
        result = build.record({})
    elif _by_invoke(states[0]) and rule is None:
        result = build.record({"Payload": result, "StatusCode": build.const(200)})
    own = _input_is_kept(states[0])
    kept = kept_before(states[0], entered, own=own)
    entering = kept.pop(states[0].name) if own else entered
    if rule is not None:
        left = _caught(states[0], rule, entering, result)
    else:
        left = _left(states[0], entering, result, entered, kept)
        left = _out_of(states, 0, left, entered, kept)
    return _led(states[1:], left, entered, kept)


def resumed(states: Sequence[State], output: ast.expr) -> ast.expr:
    """What the last of `states` hands to its function, when the first was waiting and is told to go on with `output`.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
    """
    entered = build.record({})
    left = _out_of(states, 0, _left(states[0], entered, output, entered, {}), entered, {})
    return _led(states[1:], left, entered, {})


def waits_for_token(state: State) -> bool:
    """Whether a task goes on when someone sends its token back, and not when its function returns.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    """
    resource = _setting(state, "Resource")
    return resource is not None and str(resource.pattern).endswith(".waitForTaskToken")


def _input_is_kept(state: State) -> bool:
    """Whether a state's function is not given its input, which goes on beside the result."""
    probe = build.name("input")
    return keeps_input(state) and _given(state, probe, probe, {}) is not probe


def _led(states: Sequence[State], value: ast.expr, unknown: ast.expr, kept: dict[str, ast.expr]) -> ast.expr:
    """`value` led through the states to what the last one's function is given.

    `kept` are the variables assigned on the way, and the inputs of the Map and Parallel states around it. What was kept
    before and is not known is taken for `unknown`.
    """
    for number, state in enumerate(states[:-1]):
        if state.type in ("Map", "Parallel") and keeps_input(state):
            kept[state.name] = value
        value = _left(state, value, None, unknown, kept)
        value = _out_of(states, number, value, unknown, kept)
    if not states:
        return value
    own = _input_is_kept(states[-1])
    return with_kept(_given(states[-1], value, unknown, kept), states[-1], {**kept, states[-1].name: value}, own=own)


def _out_of(
    states: Sequence[State], number: int, value: ast.expr, unknown: ast.expr, kept: dict[str, ast.expr]
) -> ast.expr:
    """`value` after the Map and Parallel states that end between one of `states` and the next.

    A Map gives a list of what its items lead to, a Parallel one of what each branch does.
    https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html#parallel-state-output
    """
    state, *following = states[number : number + 2]
    around = {(one.state.name, one.branch) for one in following[0].around} if following else set()
    for one in reversed(state.around):
        if (one.state.name, one.branch) not in around:
            results: list[ast.expr] = [build.const(None)] * one.branches
            results[one.branch] = value
            entered = kept.get(one.state.name, unknown)
            value = _left(one.state, entered, ast.List(results, ast.Load()), unknown, kept)
    return value


def _left(
    state: State, entered: ast.expr, result: ast.expr | None, unknown: ast.expr, variables: dict[str, ast.expr]
) -> ast.expr:
    """What leaves a state; `result` is None where it runs no function."""
    if not speaks_jsonata(state):
        return _passed(state, entered, unknown) if result is None else _task_left(state, entered, result, unknown)
    around = Surroundings(entered, result, unknown, dict(variables))
    output, assigned = _setting(state, "Output"), _setting(state, "Assign")
    for name, node in (assigned.mapping if assigned is not None else {}).items():
        variables[f"${name}"] = evaluated(node, around)
    if state.type == "Map" and result is None:  # the first state within is entered with an item
        return _map_item(state, around)
    if output is not None:
        return evaluated(output, around)
    return result if result is not None else entered


def _given(state: State, value: ast.expr, unknown: ast.expr, variables: Mapping[str, ast.expr]) -> ast.expr:
    """What a task's function is given."""
    if not speaks_jsonata(state):
        return _task(state, value, unknown)
    around = Surroundings(value, None, unknown, variables)
    arguments = _setting(state, "Arguments")
    if not _by_invoke(state):
        return evaluated(arguments, around) if arguments is not None else value
    payload = arguments.get("Payload") if arguments is not None else None
    return evaluated(payload, around) if payload is not None else build.record({})


def _map_item(state: State, around: Surroundings) -> ast.expr:
    items, selector = _setting(state, "Items"), _setting(state, "ItemSelector")
    item = build.item(evaluated(items, around) if items is not None else around.input, 0)
    return evaluated(selector, replace(around, item=item)) if selector is not None else item


def catching(states: Sequence[State]) -> Node | None:
    """The `Catch` rule by which the first of `states` is followed by the second, None where no error leads there.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    if len(states) < 2:
        return None
    first, second = states[0], states[1].name

    def leads(node: Node | None) -> bool:
        # Of states with one name in several branches, the later ones have a number.
        return node is not None and node.text is not None and second in (node.text, f"{node.text} (2)")

    rules = _setting(first, "Catch")
    if rules is None or leads(_setting(first, "Next")):
        return None
    return next((rule for rule in rules.items if leads(rule.get("Next"))), None)


def _caught(state: State, rule: Node, entered: ast.expr, message: ast.expr) -> ast.expr:
    """What leaves a state whose function failed with `message`: its input with the error, or the error alone.

    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    """
    told = build.record({"errorMessage": message, "errorType": build.const("Exception")})
    cause = build.const("") if isinstance(message, ast.Constant) else build.dumps(told)
    error = build.record({"Error": build.const("States.TaskFailed"), "Cause": cause})
    if not speaks_jsonata(state):
        return _placed(rule.get("ResultPath"), entered, error)
    output = rule.get("Output")
    return evaluated(output, Surroundings(entered, error, entered, {})) if output is not None else error


def _task_left(state: State, entered: ast.expr, result: ast.expr, unknown: ast.expr) -> ast.expr:
    selector = _setting(state, "ResultSelector")
    if selector is not None:
        result = _template(selector, result, unknown)
    return _output(state, _placed(_setting(state, "ResultPath"), entered, result))


def _passed(state: State, value: ast.expr, unknown: ast.expr) -> ast.expr:
    entered = _input(state, value, unknown)
    if state.type in ("Map", "Parallel"):
        return entered  # its output is that of what is within
    if state.type == "Task":
        return _task_left(state, value, _answered(state, entered), unknown)
    if state.type != "Pass":
        return _output(state, entered)
    result = _setting(state, "Result")
    path = _setting(state, "ResultPath")
    return _output(state, _placed(path, value, plain(result) if result is not None else entered))


def _input(state: State, value: ast.expr, unknown: ast.expr) -> ast.expr:
    """InputPath, then Parameters."""
    path = _setting(state, "InputPath")
    if path is not None and path.text is not None:
        value = at_path(value, path.text)
    if state.type == "Map":
        return _item(state, value, unknown)
    parameters = _setting(state, "Parameters")
    if parameters is not None and not _by_invoke(state):
        value = _template(parameters, value, unknown)
    return value


def _item(state: State, value: ast.expr, unknown: ast.expr) -> ast.expr:
    """What the first state within a map is given: an item, or what is made of it and of the map's own input.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemselector.html; its older name is Parameters.
    """
    path = _setting(state, "ItemsPath")
    listed = at_path(value, path.text) if path is not None and path.text is not None else value
    selector = _setting(state, "ItemSelector") or _setting(state, "Parameters")
    item = build.item(listed, 0)
    return _template(selector, value, unknown, item) if selector is not None else item


def _task(state: State, value: ast.expr, unknown: ast.expr) -> ast.expr:
    value = _input(state, value, unknown)
    if not _by_invoke(state):
        return value
    parameters = _setting(state, "Parameters")
    if parameters is None:
        return build.record({})
    path = parameters.get("Payload.$")
    if path is not None and path.text is not None:
        return _selected(path.text, value, unknown)
    written = parameters.get("Payload")
    return _template(written, value, unknown) if written is not None else build.record({})


def _by_invoke(state: State) -> bool:
    """Whether the task names its function in `Parameters`, with the integration `…:states:::lambda:invoke`.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
    """
    resource = _setting(state, "Resource")
    pattern = resource.pattern if resource is not None else None
    return pattern is not None and any(form in str(pattern) for form in _INVOKING)


def _answered(state: State, given: ast.expr) -> ast.expr:
    """What a task without a function gets from a service that it gives something: nothing of that, where it only sends.

    Of another machine's execution, for which it waits, what that was given represents the output.
    https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
    """
    resource = _setting(state, "Resource")
    named = str(resource.pattern) if resource is not None else ""
    if ":states:::states:startExecution.sync" in named:
        output = entry_of(given, "Input")
        return build.record({"Output": output if named.endswith(":2") else build.dumps(output)})
    return build.record({}) if any(form in named for form in _SENDING) else given


#: The integrations that send or write and are answered by names, numbers and times.
_SENDING: Final = (
    *(":states:::sqs:sendMessage", ":states:::sns:publish", ":states:::events:putEvents"),
    *(":states:::aws-sdk:sqs:sendMessage", ":states:::aws-sdk:sns:publish", ":states:::aws-sdk:eventbridge:putEvents"),
    *(":states:::dynamodb:putItem", ":states:::aws-sdk:dynamodb:putItem", ":states:::aws-sdk:s3:putObject"),
)
#: How the integrations that invoke a function are called, that of the AWS SDK among them.
_INVOKING: Final = (":states:::lambda:invoke", ":states:::aws-sdk:lambda:invoke")


def _placed(path: Node | None, entered: ast.expr, result: ast.expr) -> ast.expr:
    """ResultPath: where the result is put in the state's input; without it the result replaces the input."""
    if path is None:
        return result
    if path.value is None:
        return entered  # `null` throws the result away
    steps = (path.text or "$").removeprefix("$").strip(".").split(".")
    if not steps[0]:
        return result
    return _put(steps, entered, result)


def _put(steps: Sequence[str], entered: ast.expr, result: ast.expr) -> ast.expr:
    """`entered` with `result` at a path into it; what is beside it on each level stays."""
    step, *rest = steps
    if rest:
        result = _put(rest, _held(entered, step), result)
    return build.merged(entered, build.record({step: result}))


def _held(value: ast.expr, key: str) -> ast.expr:
    """`value[key]`, an empty record where `value` was built here without it."""
    if isinstance(value, ast.Dict):
        names = [name.value for name in value.keys if isinstance(name, ast.Constant)]
        if len(names) == len(value.keys) and key not in names and not hasattr(value, "lineno"):
            return build.record({})
    return entry_of(value, key)


def _output(state: State, value: ast.expr) -> ast.expr:
    path = _setting(state, "OutputPath")
    return at_path(value, path.text) if path is not None and path.text is not None else value


def _template(node: Node, value: ast.expr, unknown: ast.expr, item: ast.expr | None = None) -> ast.expr:
    """A payload template: keys that end in `.$` hold paths into `value` (or calls of functions on such paths).

    `item` is that of the map around it; within a map's states it is taken for what they are given.
    """
    if isinstance(node.value, Mapping):
        found: dict[str, ast.expr | None] = {}
        for key, inner in node.mapping.items():
            if key.endswith(".$") and inner.text is not None:
                found[key[:-2]] = _selected(inner.text, value, unknown, item)
            else:
                found[key] = _template(inner, value, unknown, item)
        return build.record(found)
    if isinstance(node.value, tuple):
        return ast.List([_template(inner, value, unknown, item) for inner in node.items], ast.Load())
    return plain(node)


def _selected(text: str, value: ast.expr, unknown: ast.expr, item: ast.expr | None = None) -> ast.expr:
    """What a path of a template leads to; what the execution was started with is taken for `unknown`."""
    if text.startswith("$$.Map.Item.Value"):
        return at_path(item if item is not None else value, "$" + text.removeprefix("$$.Map.Item.Value"))
    if text.startswith("$$.Execution.Input"):
        return at_path(unknown, "$" + text.removeprefix("$$.Execution.Input"))
    if text.startswith("$$"):
        return build.const("")  # the context object: names and times of the execution
    if text.startswith("$"):
        return at_path(value, text)
    made = intrinsic(text, lambda path: _selected(path, value, unknown, item)) if text.startswith("States.") else None
    return made if made is not None else value  # it may use any part


def _setting(state: State, name: str) -> Node | None:
    return state.settings.get(name)
