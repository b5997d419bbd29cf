"""Which annotations leave open what a dictionary holds."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.dict_parameters import mapping_edits
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.open_types import OpenTypes

_HEAD = """
import typing
import typing as t
from collections.abc import Iterable, Mapping
from typing import Any, Dict, List, Optional, TypedDict, Union
from shop.types import MutableMapping, Order

JSON = Dict[str, Any]
Twice = JSON
Never = Never

class OrderedDict: ...
"""


def instead(annotation: str, *, or_anything: bool = False) -> str | None:
    tree = ast.parse(f"{_HEAD}\nwanted: {annotation}")
    declared = tree.body[-1]
    assert isinstance(declared, ast.AnnAssign)
    return OpenTypes(tree, "Event").instead(declared.annotation, or_anything=or_anything)


@pytest.mark.parametrize(
    "annotation",
    [
        "dict",
        "Dict",
        "Dict[str, Any]",
        "dict[str, object]",
        "typing.Dict[str, t.Any]",
        "Mapping[str, Any]",
        "t.MutableMapping[str, typing.Any]",
        "dict[str, dict]",
        "Dict[str, Dict[str, Any]]",
        "dict[str, list[Any]]",
        "dict[str, str | dict | None]",
        "Dict[str, Union[str, Any]]",
        "Optional[dict]",
        "dict | None",
        "None | dict[str, Any]",
        "Union[None, Dict[str, Any]]",
        "'Dict[str, Any]'",
        "Optional['dict']",
        "JSON",
        "Twice",
        "Optional[JSON]",
    ],
)
def test_a_dictionary_of_anything_is_an_event(annotation: str) -> None:
    assert instead(annotation) == "Event"


@pytest.mark.parametrize("annotation", ["List[Dict[str, Any]]", "list[dict]", "Iterable[JSON]", "tuple[dict, ...]"])
def test_a_list_of_them_is_a_list_of_events(annotation: str) -> None:
    assert instead(annotation) == "list[Event]"


@pytest.mark.parametrize(
    "annotation",
    [
        "dict[str, str]",
        "dict[str, int | None]",
        "dict[str, list[str]]",
        "dict[str, Order]",
        "Order",
        "Optional[Order]",
        "MutableMapping[str, Any]",
        "OrderedDict[str, Any]",
        "list[str]",
        "str | None",
        "None",
        "Never",
        "'not an ('",
        "Unknown",
    ],
)
def test_a_type_that_says_more_stays(annotation: str) -> None:
    assert instead(annotation) is None


@pytest.mark.parametrize("annotation", ["Any", "object", "t.Any", "Optional[Any]"])
def test_anything_may_be_a_dictionary_where_it_is_used_as_one(annotation: str) -> None:
    assert instead(annotation) is None
    assert instead(annotation, or_anything=True) == "Event"


def edited(text: str, *handlers: str) -> str:
    return PositionMap("a.py", text, mapping_edits(Draft("a.py", text), frozenset(handlers))).text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("def f(e: dict):\n    e.get('a')\n", 'def f(e: "sls_lab_event.Event"):\n'),
        ("def f(e: object):\n    e.get('a')\n", 'def f(e: "sls_lab_event.Event"):\n'),
        ("def f(e) -> dict:\n    return e\n", 'def f(e) -> "sls_lab_event.Event":\n'),
        ("def f(e: list[dict]):\n    e[0].get('a')\n", 'def f(e: "list[sls_lab_event.Event]"):\n'),
        ("class C:\n    data: dict\n", 'class C:\n    data: "sls_lab_event.Event"\n'),
        ("found: dict = g()\n", 'found: "sls_lab_event.Event" = g()\n'),
    ],
)
def test_the_type_is_written_in_its_place(text: str, written: str) -> None:
    assert edited(text).startswith(written)
    assert edited(text).endswith("\nimport sls_lab_event\n")


@pytest.mark.parametrize(
    "text", ["def f(e: object):\n    g(e)\n", "def f(e) -> object:\n    return e\n", "def f(e: dict):\n    g(e)\n"]
)
def test_what_is_not_used_as_a_dictionary_stays(text: str) -> None:
    assert edited(text) == text
