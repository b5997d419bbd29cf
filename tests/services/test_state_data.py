"""What a state machine keeps beside what it hands to a function travels in the event object."""

from __future__ import annotations

import ast
from dataclasses import replace

from sls_lab.services.build import name
from sls_lab.services.stepfunctions import task_input, transition
from sls_lab.template.model import Enclosure, State
from tests.services.test_jsonata import PLACE, node

DIRECT = "arn:aws:lambda:eu-west-1:1:function:f"


def task(label: str, results: tuple[str, ...] = (), variables: tuple[str, ...] = (), **settings: object) -> State:
    written = {key: node(value) for key, value in {"Resource": DIRECT, **settings}.items()}
    return State(label, "Task", "f", (), written, PLACE, (), variables, results)


def shown(value: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(value))


def test_a_state_that_hands_on_a_part_keeps_its_input_for_its_result() -> None:
    look = task("Look", ("found",), Parameters={"id.$": "$.id"}, ResultPath="$.found")
    assert shown(task_input([look], name("i"))) == ("{'id': i['id'], '$states': {'Look': i, 'Look.found': i['found']}}")
    run = task("Run", ("found",), Parameters={"c.$": "$.command", "n.$": "$.found.name"})
    assert (
        shown(transition([look, run], name("e"), name("r"))) == "{'c': e['$states']['Look']['command'], 'n': r['name']}"
    )
    whole = task("Run")
    assert shown(transition([look, whole], name("e"), name("r"))) == "{**e['$states']['Look'], 'found': r}"


def test_results_of_earlier_states_are_kept_apart_from_the_input() -> None:
    first = task("First", ("a", "b"), Parameters={"x.$": "$.x"}, ResultPath="$.b")
    last = task("Last", ("a", "b"), Parameters={"x.$": "$.a"}, ResultPath=None)
    assert shown(transition([first, last], name("e"), name("r"))) == (
        "{'x': e['$states']['First.a'], '$states': "
        "{'Last': e['$states']['First'], 'Last.a': e['$states']['First.a'], 'Last.b': r}}"
    )


def test_nothing_is_kept_where_the_function_is_given_the_input_or_replaces_it() -> None:
    for state in (
        task("One", ResultPath="$.found"),
        task("One", Parameters={"id.$": "$.id"}),
        task("One", Parameters={"id.$": "$.id"}, ResultPath="$"),
    ):
        assert "$states" not in shown(task_input([state], name("i")))
        assert "$states" not in shown(transition([state, task("Two")], name("e"), name("r")))


def test_a_map_keeps_its_input_while_its_items_are_worked_on() -> None:
    each = replace(task("Each", ItemsPath="$.items", ResultPath="$.done"), type="Map", function=None)
    inner = replace(task("Inner", ("done",)), around=(Enclosure(each),))
    assert shown(task_input([each, inner], name("i"))) == (
        "{**i['items'][0], '$states': {'Each': i, 'Each.done': i['done']}}"
    )
    run = task("Run", Parameters={"c.$": "$.command", "d.$": "$.done[0]"})
    assert (
        shown(transition([inner, run], name("e"), name("r"))) == "{'c': e['$states']['Each']['command'], 'd': [r][0]}"
    )


def test_variables_go_on_past_states_with_arguments_of_their_own() -> None:
    settings = {"QueryLanguage": "JSONata", "Arguments": {"id": "{% $states.input.id %}"}}
    first = task("First", (), ("who", "kind"), **settings, Assign={"who": "{% $states.input.name %}"})
    last = task("Last", (), ("who", "kind"), **{**settings, "Arguments": {"w": "{% $who %}", "k": "{% $kind %}"}})
    assert shown(task_input([first], name("i"))) == "{'id': i['id'], '$states': {'First': i}}"
    assert shown(transition([first, last], name("e"), name("r"))) == (
        "{'w': e['$states']['First']['name'], 'k': e['$states']['$kind'], '$states': "
        "{'$who': e['$states']['First']['name'], '$kind': e['$states']['$kind']}}"
    )
