"""Which type a value has in a table, by how it is written, and the form in which a stream shows it."""

from __future__ import annotations

import ast

import pytest

from sls_lab.services.marshal import item_attributes, marshalled, type_of
from tests.services.conftest import Calls

BEFORE = "text = event['t']\nknown = 'a'\nnumber = 3\npair = {'a': 1, 'b': text}\n"
ANY = "{{'S': {0}, 'M': {0}, 'L': {0}}}"
TEXT, PAIRED = ANY.format("text"), ANY.format("pair['b']")


def seen(calls: Calls, value: str, *, item: bool | None = None) -> tuple[str | None, str]:
    """The type of a value, and what a stream shows of it; of an `item` where that says whether types are added."""
    [(call, view)] = calls(f"{BEFORE}boto3.client('s3').put_object(Bucket='b', Key='k', Body={value})")
    node = call.arguments["Body"].node
    assert node is not None
    shown = marshalled(node, view) if item is None else item_attributes(node, view, plain=item)
    return type_of(node, view), ast.unparse(ast.fix_missing_locations(shown))


TYPES = {
    "'a'": "S",
    "f'{text}'": "S",
    "text + 'x'": "S",
    "'%s' % text": "S",
    "text % 3": None,
    "3 % 2": "N",
    "3 + number": "N",
    "text + 3": None,
    "text - 1": "N",
    "text / 2": "N",
    "text // 2": "N",
    "2 ** 3": "N",
    "text * 2": None,
    "b'a'": "B",
    "True": "BOOL",
    "1.5": "N",
    "None": "NULL",
    "text == 'a'": "BOOL",
    "not text": "BOOL",
    "-text": None,
    "'a' if text else 'b'": "S",
    "'a' if text else 1": None,
    "'a' if text else None": "S",
    "known or 'b'": "S",
    "text or 'b'": None,
    "str(text)": "S",
    "json.dumps(text)": "S",
    "text.strip()": "S",
    "text.find('a')": None,
    "len(text)": "N",
    "int(text)": "N",
    "text.count('a')": "N",
    "{'a', 'b'}": "SS",
    "{one for one in text}": "SS",
    "[text]": "L",
    "(text, 'a')": "L",
    "[one for one in text]": "L",
    "text": None,
    "known": "S",
    "number": "N",
}


@pytest.mark.parametrize(("value", "kind"), TYPES.items())
def test_the_type_of_a_value_is_known_by_how_it_is_written(calls: Calls, value: str, kind: str | None) -> None:
    assert seen(calls, value)[0] == kind


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text", TEXT),
        ("'a'", "{'S': 'a'}"),
        ("3", "{'N': '3'}"),
        ("len(text)", "{'N': str(len(text))}"),
        ("None", "{'NULL': True}"),
        ("True", "{'BOOL': True}"),
        ("b'a'", "{'B': b'a'}"),
        ("['a', text]", f"{{'L': [{{'S': 'a'}}, {TEXT}]}}"),
        ("{'a': {'b': 1}}", "{'M': {'a': {'M': {'b': {'N': '1'}}}}}"),
        ("pair", f"{{'M': {{'a': {{'N': str(pair['a'])}}, 'b': {PAIRED}}}}}"),
    ],
)
def test_a_resource_writes_a_value_with_its_type(calls: Calls, value: str, shown: str) -> None:
    assert seen(calls, value)[1] == shown


@pytest.mark.parametrize(
    ("value", "plain", "shown"),
    [
        ("{'a': {'S': text}}", False, "{'a': {'S': text}}"),
        ("{'a': {'S': text}}", True, "{'a': {'M': {'S': " + TEXT + "}}}"),
        ("{'a': 'b', 'c': text}", False, "{'a': {'S': 'b'}, 'c': " + TEXT + "}"),
        ("{'a': {'S': text, 'N': '1'}}", False, "{'a': {'M': {'S': " + TEXT + ", 'N': {'S': '1'}}}}"),
        ("text", False, "text"),
    ],
)
def test_an_item_of_a_client_is_typed_already(calls: Calls, value: str, plain: bool, shown: str) -> None:
    assert seen(calls, value, item=plain)[1] == shown


def test_each_attribute_of_an_unknown_item_may_hold_any_of_its_values(calls: Calls) -> None:
    _, found = seen(calls, "text", item=True)
    assert found == "{name: " + ANY.format("value") + " for name, value in text.items()}"
