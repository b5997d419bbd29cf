"""JSONata: which data an expression hands on, as a Python expression over the state's input."""

from __future__ import annotations

import ast

import pytest

from sls_lab.services.build import name
from sls_lab.services.jsonata import Surroundings, evaluated
from sls_lab.services.stepfunctions import task_input, transition
from sls_lab.template.model import State
from tests.services.nodes import PLACE, node


def made(value: object) -> str:
    """What becomes of a value in a state whose input is `i` and whose function gave `r`; `$order` is `o`."""
    around = Surroundings(name("i"), name("r"), name("unknown"), {"$order": name("o")})
    return ast.unparse(ast.fix_missing_locations(evaluated(node(value), around)))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$states.input", "i"),
        ("$states.input.a.b", "i['a']['b']"),
        ("$states.input.`a b`[0].c", "i['a b'][0]['c']"),
        ("$states.result.Payload", "r['Payload']"),
        ("$order.id", "o['id']"),
        ("$never.id", "unknown['id']"),
        ("$states.context.Execution.Name", "''"),
        ("$states.context.Execution.Input.title", "unknown['title']"),
        ("'in/' & $states.input.name", "'in/' + str(i['name'])"),
        ("$states.input.a & '-' & $states.input.b", "str(i['a']) + '-' + str(i['b'])"),
        ('{"title": $states.input.t, "n": 3}', "{'title': i['t'], 'n': 3}"),
        ("[$states.input.a, 'b']", "[i['a'], 'b']"),
        ("$states.input.ok ? $states.input.a : 'none'", "i['a'] if i['ok'] else 'none'"),
        ("$states.input.items[price > 3].name", "i['items']['name']"),
        ("$states.input.order.{'who': name}", "{'who': i['order']['name']}"),
        ("$uppercase($states.input.a)", "str(i['a']).upper()"),
        ("$number($states.input.a)", "float(i['a'])"),
        ("$length($states.input.a)", "0"),
        ("$uuid()", "0"),
        ("$parse($states.input.body).title", "json.loads(i['body'])['title']"),
        ("$merge([$states.input, {'a': 1}])", "{**i, 'a': 1}"),
        ("$map($states.input.items, function($v, $k) { $v.name })", "[i['items'][0]['name']]"),
        ("($name := $states.input.a; 'x' & $name)", "'x' + str(i['a'])"),
        ("$states.input.a + 1", "float(i['a'] + 1)"),
        ("-$states.input.a", "-i['a']"),
        ("$states.input.a or $states.input.b", "i['a'] or i['b']"),
        ("$states.input.a and true", "i['a'] and True"),
        ("$states.errorOutput.Cause", "unknown['Cause']"),
        ("/* the title */ $states.input.title", "i['title']"),
    ],
)
def test_an_expression_hands_on_what_it_names(expression: str, expected: str) -> None:
    assert made(f"{{% {expression} %}}") == expected


@pytest.mark.parametrize(
    "expression",
    [
        "$",
        "$$.a",
        "$reduce($states.input.a, function($x, $y) { $x & $y })",
        "a.b ~> $sum",
        "(((",
        "'open",
        "@",
        "$f(1)",
    ],
)
def test_what_is_not_followed_may_hold_all_of_the_data(expression: str) -> None:
    assert made(f"{{% {expression} %}}") == "'' + str(i) + str(r)"


def test_depth_and_length_are_bounded() -> None:
    assert made("{% " + "(" * 5_000 + " %}") == "'' + str(i) + str(r)"
    assert made("{% $states.input" + ".a" * 20_000 + " %}") == "'' + str(i) + str(r)"


def test_a_template_is_made_value_by_value() -> None:
    assert made({"a": "{% $states.input.a %}", "b": ["c", "{% 'x' & $order %}"], "n": 1}) == (
        "{'a': i['a'], 'b': ['c', 'x' + str(o)], 'n': 1}"
    )


INVOKE = {"Resource": "arn:aws:states:::lambda:invoke"}


def state(type_name: str, **settings: object) -> State:
    """A state that speaks JSONata."""
    written = {"QueryLanguage": "JSONata", **settings}
    return State("S", type_name, None, (), {key: node(value) for key, value in written.items()}, PLACE)


def shown(value: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(value))


def test_a_task_is_given_its_arguments_and_else_its_input() -> None:
    named = {"FunctionName": "f", "Payload": {"title": "{% $states.input.t %}"}}
    assert shown(task_input([state("Task", **INVOKE, Arguments=named)], name("i"))) == "{'title': i['t']}"
    direct = "arn:aws:lambda:eu-west-1:1:function:f"
    assert shown(task_input([state("Task", Resource=direct)], name("i"))) == "i"
    assert shown(task_input([state("Task", Resource=direct, Arguments={"a": 1})], name("i"))) == "{'a': 1}"
    assert shown(task_input([state("Task", **INVOKE, Arguments={"FunctionName": "f"})], name("i"))) == "{}"


def test_variables_and_output_lead_from_state_to_state() -> None:
    first = state("Pass", Assign={"who": "{% $states.input.name %}"}, Output={"n": "{% $states.input.id %}"})
    last = state(
        "Task", **INVOKE, Arguments={"FunctionName": "f", "Payload": {"w": "{% $who %}", "n": "{% $states.input.n %}"}}
    )
    assert shown(task_input([first, last], name("i"))) == "{'w': i['name'], 'n': i['id']}"


def test_a_result_leads_on_through_output_and_assign() -> None:
    first = state(
        "Task", **INVOKE, Assign={"kept": "{% $states.result.Payload.k %}"}, Output="{% $states.input.order %}"
    )
    last = state("Task", **INVOKE, Arguments={"FunctionName": "f", "Payload": ["{% $states.input %}", "{% $kept %}"]})
    assert shown(transition([first, last], name("i"), name("r"))) == "[i['$states']['S']['order'], r['k']]"
    assert shown(transition([state("Task", **INVOKE), state("Task")], name("i"), name("r"))) == (
        "{'Payload': r, 'StatusCode': 200}"
    )


def test_a_map_hands_on_one_item() -> None:
    over = state("Map", Items="{% $states.input.orders %}")
    inner = state("Task", Resource="arn:aws:lambda:eu-west-1:1:function:f")
    assert shown(task_input([over, inner], name("i"))) == "i['orders'][0]"
    chosen = {
        "order": "{% $states.context.Map.Item.Value %}",
        "place": "{% $states.context.Map.Item.Index %}",
        "shop": "{% $states.input.shop %}",
    }
    selected = state("Map", Items="{% $states.input.orders %}", ItemSelector=chosen)
    assert shown(task_input([selected, inner], name("i"))) == (
        "{'order': i['orders'][0], 'place': '', 'shop': i['shop']}"
    )
