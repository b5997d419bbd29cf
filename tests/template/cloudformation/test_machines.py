"""State machines: flattened states, what follows what, and which function a task runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from sls_lab.facts import Pattern
from sls_lab.template.model import StateMachine
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.state_machines import read_definition, substitute
from sls_lab.template.shared.template_part import Log

Parse = Callable[[str], Node]
FUNCTIONS: Mapping[Pattern, str] = {Pattern.of("resize"): "Resize", Pattern.generated("Save"): "Save"}


def _read(definition: Node, log: Log | None = None) -> StateMachine | None:
    name = Pattern.of("review")
    return read_definition(definition, FUNCTIONS, log or Log(), logical_id="Review", name=name, span=definition.span)


DEFINITION = """
    StartAt: Kind
    States:
      Kind:
        Type: Choice
        Choices: [{Variable: $.kind, StringEquals: a, Next: Resize}]
        Default: Both
      Resize:
        Type: Task
        Resource: arn:aws:lambda:eu-west-1:123456789012:function:resize
        Catch: [{ErrorEquals: [States.ALL], Next: Failed}]
        Next: Both
      Both:
        Type: Parallel
        Next: Each
        Branches:
          - StartAt: Left
            States: {Left: {Type: Pass, Next: Last}, Last: {Type: Task, Resource: "arn:x", End: true}}
          - StartAt: Right
            States:
              Right:
                Type: Task
                Resource: arn:aws:states:::lambda:invoke.waitForTaskToken
                Parameters: {FunctionName: "resize:live"}
                End: true
      Each:
        Type: Map
        ItemProcessor:
          StartAt: Kind
          States: {Kind: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage", End: true}}
        End: true
      Failed: {Type: Fail}
"""


def test_states_are_flattened_in_order(parse: Parse) -> None:
    log = Log()
    machine = _read(parse(DEFINITION), log)
    assert machine is not None and machine.start == "Kind"
    assert {name: state.following for name, state in machine.states.items()} == {
        "Kind": ("Both", "Resize"),
        "Resize": ("Both", "Failed"),
        "Both": ("Left", "Right"),
        "Left": ("Last",),
        "Last": ("Each",),
        "Right": ("Each",),
        "Each": ("Kind (2)",),
        "Kind (2)": (),
        "Failed": (),
    }
    functions = {name: state.function for name, state in machine.states.items() if state.function}
    assert functions == {"Resize": "Resize", "Right": "Resize"}
    assert not log.diagnostics


def test_a_string_with_an_unknown_part(parse: Parse) -> None:
    arn = Pattern.of("arn:aws:lambda:", Pattern.fixed("AWS::Region"), ":1:function:", Pattern.generated("Save"))
    text = Pattern.of('{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "', arn, '", "End": true}}}')
    machine = _read(Node(text, parse("x").span))
    assert machine is not None
    assert machine.states["A"].function == "Save"


def test_jsonata_arguments_name_the_function_too(parse: Parse) -> None:
    task = "{Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: resize}, End: true}"
    machine = _read(parse(f"{{StartAt: A, States: {{A: {task}}}}}"))
    assert machine is not None
    assert machine.states["A"].function == "Resize"


def test_substitutions_fill_their_places_alone(parse: Parse) -> None:
    definition = parse("{Resource: '${Arn}', Comment: '${Other} ${!x}', Items: ['${Arn}']}")
    filled = substitute(definition, {"Arn": parse("arn:a")})
    assert [str(node.pattern) for node in filled.mapping.values()][:2] == ["arn:a", "${Other} ${x}"]
    assert filled.get("Items") is not None and filled.get("Items").items[0].text == "arn:a"


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("'{'", "definition-broken"),
        ("{States: {A: {Type: Pass, End: true}}}", "definition-incomplete"),
        ("{StartAt: A}", "definition-incomplete"),
        ("{StartAt: B, States: {A: {Type: Pass, End: true}}}", "state-missing"),
        ("{StartAt: A, States: {A: {Type: Pass, Next: B}}}", "state-missing"),
    ],
)
def test_a_mistake_is_a_diagnostic(parse: Parse, definition: str, code: str) -> None:
    log = Log()
    _read(parse(definition), log)
    assert [diagnostic.code for diagnostic in log.diagnostics] == [code]


def test_a_circle_of_states_ends(parse: Parse) -> None:
    machine = _read(parse("{StartAt: A, States: {A: {Type: Pass, Next: B}, B: {Type: Pass, Next: A}}}"))
    assert machine is not None
    assert machine.states["B"].following == ("A",)


def test_a_state_speaks_the_language_of_its_machine_where_it_names_none(parse: Parse) -> None:
    machine = _read(
        parse(
            """
            QueryLanguage: JSONata
            StartAt: A
            States: {A: {Type: Pass, Next: B}, B: {Type: Pass, QueryLanguage: JSONPath, End: true}}
            """
        )
    )
    assert machine is not None
    languages = {name: state.settings["QueryLanguage"].text for name, state in machine.states.items()}
    assert languages == {"A": "JSONata", "B": "JSONPath"}
