"""State machines, by walking them as the Amazon States Language says.

https://states-language.net/spec.html; JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sls_lab.facts import SlsLabError
from sls_lab.replay.choices import holds
from sls_lab.replay.deployment import ACCOUNT, plain
from sls_lab.replay.json_paths import PathError, at_path, filled, put_at, selected
from sls_lab.template.model import StateMachine

_MOST_STATES: Final = 200
_RETRIES: Final = 3  #: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
_TIME: Final = "2024-01-01T12:00:00Z"
_ALL: Final = ("States.ALL", "States.TaskFailed")
_SECONDS, _RECURSION = 1_000, 200  #: milliseconds and depth that one JSONata expression may take


class TaskFailed(SlsLabError):
    """A task, or the whole execution, fails; `error` is the name that `Retry` and `Catch` compare with."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


#: Runs a task: its resource, its arguments, and whether these hold the payload of an `invoke`.
TaskRunner = Callable[[str, Any, Mapping[str, Any]], Any]


@dataclass
class Execution:
    """One execution of a machine. `task` is called for each task state with its resource and arguments."""

    machine: StateMachine
    task: TaskRunner
    variables: dict[str, Any] = field(default_factory=dict)
    walked: int = 0

    def run(self, given: Any) -> Any:
        """The output. Raises TaskFailed."""
        states = {
            name: {key: plain(node) for key, node in state.settings.items()}
            for name, state in self.machine.states.items()
        }
        name = str(self.machine.name)
        self._jsonata = _uses_jsonata(states)
        self._context = {
            "Execution": {
                "Id": f"arn:aws:states:us-east-1:{ACCOUNT}:execution:{name}:execution",
                "Input": given,
                "Name": "execution",
                "RedriveCount": 0,
                "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "StartTime": _TIME,
            },
            "StateMachine": {"Id": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:{name}", "Name": name},
            "Task": {"Token": "token"},
        }
        return self._scope(states, self.machine.start, given)

    def _scope(self, states: Mapping[str, Any], start: str, value: Any) -> Any:
        name: str | None = start
        while name is not None:
            self.walked += 1
            if self.walked > _MOST_STATES:
                raise TaskFailed("States.Runtime", f"more than {_MOST_STATES} states were walked")
            state = states.get(name)
            if state is None:
                raise TaskFailed("States.Runtime", f"there is no state {name}")
            try:
                value, name = self._tried(name, state, value)
            except PathError as error:
                raise TaskFailed("States.Runtime", f"in {name}: {error}") from error
        return value

    def _tried(self, name: str, state: Mapping[str, Any], value: Any) -> tuple[Any, str | None]:
        """One state, again as often as its `Retry` says.

        https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
        """
        done: dict[int, int] = {}
        while True:
            retries = sum(done.values())
            self._context["State"] = {"Name": name, "EnteredTime": _TIME, "RetryCount": retries}
            try:
                return self._entered(state, value)
            except TaskFailed as failure:
                index = _retrier(state, failure)
                if index is None or done.get(index, 0) >= _attempts(state["Retry"][index]):
                    jsonata = self._jsonata or state.get("QueryLanguage") == "JSONata"
                    return self._caught(state, value, failure, jsonata)
                done[index] = done.get(index, 0) + 1

    def _entered(self, state: Mapping[str, Any], value: Any) -> tuple[Any, str | None]:
        jsonata = self._jsonata or state.get("QueryLanguage") == "JSONata"
        following = None if state.get("End") in (True, "true") else state.get("Next")
        match state.get("Type"):
            case "Choice":
                return self._chosen(state, value, jsonata)
            case "Succeed":
                return self._output(state, value, value, jsonata), None
            case "Fail":
                raise TaskFailed(str(state.get("Error", "States.Failed")), str(state.get("Cause", "")))
            case "Task":
                result = self._task(state, value, jsonata)
            case "Parallel":
                given = self._input(state, value, jsonata)
                result = [self._scope(one["States"], one["StartAt"], given) for one in state.get("Branches", [])]
            case "Map":
                result = self._mapped(state, value, jsonata)
            case "Pass":
                entered = self._input(state, value, jsonata)
                result = state.get("Result", entered)
            case _:
                result = self._input(state, value, jsonata)
        return self._output(state, value, result, jsonata), following

    def _input(self, state: Mapping[str, Any], value: Any, jsonata: bool) -> Any:
        if jsonata:
            return self._evaluated(state["Arguments"], value) if "Arguments" in state else value
        if "InputPath" in state:
            value = selected(state["InputPath"], value, self._context) if state["InputPath"] else {}
        return filled(state["Parameters"], value, self._context) if "Parameters" in state else value

    def _task(self, state: Mapping[str, Any], value: Any, jsonata: bool) -> Any:
        result = self.task(str(state.get("Resource", "")), self._input(state, value, jsonata), state)
        if not jsonata and "ResultSelector" in state:
            result = filled(state["ResultSelector"], result, self._context)
        return result

    def _mapped(self, state: Mapping[str, Any], value: Any, jsonata: bool) -> list[Any]:
        inner = state.get("ItemProcessor") or state.get("Iterator") or {}
        if jsonata:
            items = self._evaluated(state["Items"], value) if "Items" in state else value
        else:
            entered = selected(state["InputPath"], value, self._context) if state.get("InputPath") else value
            items = selected(state.get("ItemsPath", "$"), entered, self._context)
        found = []
        for index, item in enumerate(items if isinstance(items, list) else []):
            self._context["Map"] = {"Item": {"Index": index, "Value": item}}
            given = item
            selector = state.get("ItemSelector", state.get("Parameters"))
            if selector is not None:
                given = self._evaluated(selector, value) if jsonata else filled(selector, value, self._context)
            found.append(self._scope(inner["States"], inner["StartAt"], given))
        return found

    def _chosen(self, state: Mapping[str, Any], value: Any, jsonata: bool) -> tuple[Any, str | None]:
        value = value if jsonata or "InputPath" not in state else at_path(value, state["InputPath"])
        for rule in state.get("Choices", []):
            chosen = self._evaluated(rule["Condition"], value) if "Condition" in rule else None
            if chosen is True or (chosen is None and holds(rule, value, self._context)):
                return self._output({**state, **rule}, value, value, jsonata), rule["Next"]
        if "Default" not in state:
            raise TaskFailed("States.NoChoiceMatched", "no rule of the choice holds")
        return self._output(state, value, value, jsonata), state["Default"]

    def _output(self, state: Mapping[str, Any], value: Any, result: Any, jsonata: bool) -> Any:
        if "Assign" in state:
            assigned = (
                self._evaluated(state["Assign"], value, result)
                if jsonata
                else filled(state["Assign"], result, self._context)
            )
            self.variables |= assigned
        if jsonata:
            return self._evaluated(state["Output"], value, result) if "Output" in state else result
        if state.get("Type") in ("Task", "Parallel", "Map", "Pass") and "ResultPath" in state:
            path = state["ResultPath"]
            result = value if path is None else put_at(value, path, result)
        path = state.get("OutputPath", "$")
        return {} if path is None else selected(path, result, self._context)

    def _caught(
        self, state: Mapping[str, Any], value: Any, failure: TaskFailed, jsonata: bool
    ) -> tuple[Any, str | None]:
        for catcher in state.get("Catch", []):
            if _named(catcher, failure):
                told = {"Error": failure.error, "Cause": failure.cause}
                if jsonata:
                    given = self._evaluated(catcher["Output"], value, None, told) if "Output" in catcher else told
                else:
                    path = catcher.get("ResultPath", "$")
                    given = value if path is None else put_at(value, path, told)
                return given, catcher["Next"]
        raise failure

    def _evaluated(self, template: Any, value: Any, result: Any = None, error: Any = None) -> Any:
        """A template of JSONata: strings in `{% … %}` are expressions over `$states` and the variables."""
        if isinstance(template, Mapping):
            return {key: self._evaluated(inner, value, result, error) for key, inner in template.items()}
        if isinstance(template, list):
            return [self._evaluated(inner, value, result, error) for inner in template]
        if not isinstance(template, str) or not template.strip().startswith("{%"):
            return template
        states = {"input": value, "result": result, "errorOutput": error, "context": self._context}
        return evaluate(template.strip()[2:-2], {**self.variables, "states": states})


def _named(entry: Mapping[str, Any], failure: TaskFailed) -> bool:
    """Whether an entry of `Retry` or `Catch` is about a failure."""
    names = entry.get("ErrorEquals", [])
    return failure.error in names or any(name in _ALL for name in names)


def _retrier(state: Mapping[str, Any], failure: TaskFailed) -> int | None:
    listed = state.get("Retry") or []
    return next((index for index, entry in enumerate(listed) if _named(entry, failure)), None)


def _attempts(retrier: Mapping[str, Any]) -> int:
    """How often a state is tried again: as the template says, but not more often than by default."""
    count = str(retrier.get("MaxAttempts", _RETRIES))
    return min(int(count), _RETRIES) if count.isdigit() else _RETRIES


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """The value of a JSONata expression. Raises TaskFailed where it has none."""
    library = importlib.import_module("jsonata")
    try:
        expression = library.Jsonata(text)
        frame = expression.create_frame()
        frame.set_runtime_bounds(_SECONDS, _RECURSION)
        for name, value in names.items():
            frame.bind(name, value)
        return json.loads(json.dumps(expression.evaluate(names["states"]["input"], frame)))
    except (library.JException, TypeError, ValueError, RecursionError) as error:
        raise TaskFailed("States.QueryEvaluationError", str(error)) from error


def _uses_jsonata(states: Any) -> bool:
    """Whether a definition is written in JSONata: it says so, or a string of it is such an expression."""
    if isinstance(states, Mapping):
        return states.get("QueryLanguage") == "JSONata" or any(map(_uses_jsonata, states.values()))
    if isinstance(states, list):
        return any(map(_uses_jsonata, states))
    return isinstance(states, str) and states.strip().startswith("{%")
