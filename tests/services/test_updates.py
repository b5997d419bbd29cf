"""What an update expression assigns, and what is not one.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from __future__ import annotations

import pytest

from sls_lab.services.updates import NotAnUpdate, parse_update

NAMES = {"#n": "name", "#dotted": "a.b"}


@pytest.mark.parametrize(
    ("text", "assigned"),
    [
        ("SET n = :v", [(("n",), (":v",))]),
        ("  set  #n=:v , b.c[2].d = :w  ", [(("name",), (":v",)), (("b", "c", 2, "d"), (":w",))]),
        ("SET #dotted = :v", [(("a.b",), (":v",))]),
        ("SET n = n + :v", [(("n",), (":v",))]),
        ("SET n = :v - n", [(("n",), (":v",))]),
        ("SET n = if_not_exists(n, :v) + :w", [(("n",), (":v", ":w"))]),
        ("SET l = list_append(l, :v)", [(("l",), (":v",))]),
        ("SET l = list_append(if_not_exists(l, :e), :v)", [(("l",), (":e", ":v"))]),
        ("ADD n :v, m :w", [(("n",), (":v",)), (("m",), (":w",))]),
        ("DELETE n :v", []),
        ("REMOVE n, m[0]", []),
        ("REMOVE n SET m = :v", [(("m",), (":v",))]),
        ("SET m = :v REMOVE n ADD k :w", [(("m",), (":v",)), (("k",), (":w",))]),
    ],
)
def test_it_assigns(text: str, assigned: list[tuple[tuple[str | int, ...], tuple[str, ...]]]) -> None:
    assert [(one.path, one.values) for one in parse_update(text, NAMES) if one.values] == assigned


@pytest.mark.parametrize(
    "text",
    [
        "n = :v",
        "SET",
        "SET n",
        "SET n =",
        "SET n = :v,",
        "SET n := :v",
        "ADD n",
        "PUT n = :v",
        "SET n[x] = :v",
        "SET ? = :v",
    ],
)
def test_what_is_not_an_update_is_refused(text: str) -> None:
    with pytest.raises(NotAnUpdate):
        list(parse_update(text, NAMES))
