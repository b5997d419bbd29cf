"""Parts of requests, what is plausible in them, and what errors say about them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sls_lab.replay.complaints import complaints, lacking
from sls_lab.replay.fitting_strings import fitting, plausible
from sls_lab.replay.http_requests import parameters_of
from sls_lab.replay.model import Hop, ValueAsked
from sls_lab.replay.request_parts import Encoded, at, changed, places, texts_with_places, with_value, written


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Encoded("json", {"a": ["b"]}), '{"a": ["b"]}'),
        (Encoded("base64", Encoded("json", {"a": "b"})), "eyJhIjogImIifQ=="),
        (Encoded("base64", "x"), "eA=="),
        (Encoded("form", {"a": "b c", "d": "e"}), "a=b+c&d=e"),
        ({"body": Encoded("json", {}), "n": 1}, {"body": "{}", "n": 1}),
        (
            Encoded("item", {"a": "b", "n": 1, "y": True, "m": {"x": 1.5}, "l": ["z"], "e": None, "b": b"x"}),
            {
                "a": {"S": "b"},
                "n": {"N": "1"},
                "y": {"BOOL": True},
                "m": {"M": {"x": {"N": "1.5"}}},
                "l": {"L": [{"S": "z"}]},
                "e": {"NULL": True},
                "b": {"B": b"x"},
            },
        ),
    ],
)
def test_a_part_is_sent_as_it_is_written(value: Any, sent: Any) -> None:
    assert written(value) == sent


def test_places_lead_through_what_is_written_as_a_string() -> None:
    value = {"body": Encoded("json", {"a": "x", "l": [{"b": "y"}]}), "q": "z"}
    assert [*places(value)] == [("body", "a"), ("body", "l", 0, "b"), ("q",)]
    assert at(value, ("body", "l", 0, "b")) == "y"
    assert at(value, ("body", "l", 1)) is at(value, ("q", "r")) is None
    better = with_value(with_value(value, ("body", "l", 1), "new"), ("path", "id"), "7")
    assert written(better) == {"body": '{"a": "x", "l": [{"b": "y"}, "new"]}', "q": "z", "path": {"id": "7"}}
    upper = changed(value, (), lambda place, text: text.upper() if place[0] == "body" else text)
    assert written(upper) == {"body": '{"a": "X", "l": [{"b": "Y"}]}', "q": "z"}
    assert dict(texts_with_places(value))["body",] == '{"a": "x", "l": [{"b": "y"}]}'


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[a-z][a-z0-9_]{2,40}$",
        r"#[0-9a-fA-F]{6}",
        r"\d{4}-\d\d-\d\d",
        r"^(?:red|green)-(\w+)\.png$",
        r"[^/.]+/[^/]*",
        r"^v\d+(\.\d+)*$",
        r"^.+@.+\.[a-z]{2,}$",
        r"(?P<kind>A|B):\s?[A-Z]{3}",
        r"",
    ],
)
def test_a_string_that_a_regular_expression_takes(pattern: str) -> None:
    found = fitting(pattern)
    assert found is not None
    assert re.search(pattern, found)


@pytest.mark.parametrize("pattern", ["(", r"a(?=b)c", r"a{500}"])
def test_where_no_such_string_is_found(pattern: str) -> None:
    assert fitting(pattern) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "value1"),
        ("email", "value1@example.com"),
        ("callback_url", "https://value1.example.com/"),
        ("valid_until", "2099-12-31"),
        ("birthday", "2024-01-01"),
        ("page_size", 1),
        ("account", "value1"),
        (0, "value1"),
    ],
)
def test_what_a_name_says_of_a_value(name: object, value: Any) -> None:
    assert plausible(name, "value1") == value


def hop(*errors: str, result: Any = None) -> Hop:
    asked = tuple(ValueAsked("raised", "", (), error, "") for error in errors)
    return Hop(1, "a", {}, None, 1, "returned", result, asked=asked)


PYDANTIC = """2 validation errors for Upload
name
  String should match pattern '^[a-z]\\\\d+$' [type=string_pattern_mismatch, input_value='value1', input_type=str]
size
  Field required [type=missing, input_value={'name': 'value1'}, input_type=dict]
kind
  Input should be 'a' or 'b' [type=literal_error, input_value='value2', input_type=str]
parts.0.count
  Input should be a valid integer, unable to parse [type=int_parsing, input_value='value3', input_type=str]"""


@pytest.mark.parametrize(
    ("told", "places"),
    [
        (hop("__init__() missing 2 required positional arguments: 'a' and 'b'"), [("a",), ("b",)]),
        (hop("f() missing 1 required keyword-only argument: 'c'"), [("c",)]),
        (hop(PYDANTIC), [("size",)]),
        (hop("'title' is a required property"), [("title",)]),
        (hop(result={"statusCode": 400, "body": "name and content are needed"}), [("name",), ("content",)]),
        (hop(result={"statusCode": 400, "body": '{"error": "missing field \'name\'"}'}), [("name",)]),
        (
            hop(result={"statusCode": 422, "body": '{"detail": [{"loc": ["body", "a", "b"], "type": "missing"}]}'}),
            [("a", "b")],
        ),
        (hop(result={"statusCode": 200, "body": "name is required"}), []),
        (hop("division by zero", result=[1]), []),
    ],
)
def test_what_a_request_lacks(told: Hop, places: list[Any]) -> None:
    assert list(lacking(told)) == places


def test_what_strings_should_have_been() -> None:
    found = [(one.what, one.text, one.wanted) for one in complaints(hop(PYDANTIC, "Invalid URL 'value4': no scheme"))]
    assert found == [
        ("matches", "value1", "^[a-z]\\d+$"),
        ("chosen", "value2", ["a", "b"]),
        ("number", "value3", ""),
        ("equals", "value4", "https://value4.example.com/"),
    ]


@pytest.mark.parametrize(
    ("route", "path", "parameters"),
    [
        ("/a/{b}", "/a/c", {"b": "c"}),
        ("a/{b}/c", "/a/x%2Fy/c?q=1", {"b": "x/y"}),
        ("/{proxy+}", "/a/b", {"proxy": "a/b"}),
        ("/a/{b}", "/a/b/c", None),
        ("/a", "/a", {}),
        ("/", "/whatever", {}),
        ("$default", "/whatever", {}),
        ("/app/*", "/app/x", {}),
    ],
)
def test_the_parameters_of_a_route_in_a_path(route: str, path: str, parameters: dict[str, str] | None) -> None:
    assert parameters_of(route, path) == parameters
