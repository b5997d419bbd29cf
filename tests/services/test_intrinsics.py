"""Intrinsic functions of state machines hand on what they are given."""

from __future__ import annotations

import ast

import pytest

from sls_lab.services.build import name
from sls_lab.services.inputs import at_path
from sls_lab.services.intrinsics import intrinsic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "States.Format('run {} in {}', $.command, $.folder)",
            "'' + 'run ' + str(i['command']) + ' in ' + str(i['folder'])",
        ),
        ("States.Format('{}', $.command)", "str(i['command'])"),
        ("States.Format('it\\'s', $.command)", '"it\'s"'),
        ("States.Format($.template, $.a)", "'' + str(i['template']) + str(i['a'])"),
        ("States.StringToJson($.body)", "json.loads(i['body'])"),
        ("States.JsonToString($)", "json.dumps(i)"),
        ("States.Array($.a, 'b', 3)", "[i['a'], 'b', 3]"),
        ("States.ArrayGetItem(States.Array($.a, $.b), 1)", "[i['a'], i['b']][1]"),
        ("States.ArrayGetItem($.items, $.n)", "i['items'][0]"),
        ("States.StringSplit($.a, ',')", "i['a'].split(',')"),
        ("States.JsonMerge($.a, $.b, false)", "{**i['a'], **i['b']}"),
        ("States.UUID()", "''"),
        ("States.MathAdd($.a, 1)", "0"),
        ("States.Hash($.a, 'SHA-256')", "0"),
        ("States.Base64Encode($.a)", "i['a']"),
        ("States.Format('{}', States.Format('{}', $.a))", "str(i['a'])"),
    ],
)
def test_what_is_handed_on(text: str, expected: str) -> None:
    made = intrinsic(text, lambda path: at_path(name("i"), path))
    assert made is not None
    assert ast.unparse(ast.fix_missing_locations(made)) == expected


@pytest.mark.parametrize("text", ["", "States.Format('a {}', $.a", "States.Format('a') b", ")", "States.Array(" * 40])
def test_what_is_not_written_as_a_call_is_not_read(text: str) -> None:
    assert intrinsic(text, lambda path: at_path(name("i"), path)) is None
