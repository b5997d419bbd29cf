"""Topic filters and SELECT clauses of AWS IoT."""

from __future__ import annotations

import ast

import pytest

from sls_lab.facts import Pattern, Verdict
from sls_lab.services.topic_rules import listens, parse_rule, selected

YES, NO, MAYBE = Verdict.YES, Verdict.NO, Verdict.MAYBE
ANY = Pattern.any("name")


@pytest.mark.parametrize(
    ("topics", "topic", "expected"),
    [
        ("doors/open", Pattern.of("doors/open"), YES),
        ("doors/open", Pattern.of("doors/shut"), NO),
        ("doors/+", Pattern.of("doors/open"), YES),
        ("doors/+", Pattern.of("doors/open/now"), NO),
        ("doors/+/state", Pattern.of("doors/7/state"), YES),
        ("doors/#", Pattern.of("doors/7/state"), YES),
        ("doors/#", Pattern.of("doors"), NO),
        ("#", Pattern.of("anything/at/all"), YES),
        ("doors/+", Pattern.of("doors/", ANY), MAYBE),
        ("doors/#", Pattern.of("doors/", ANY), YES),
        ("windows/+", Pattern.of("doors/", ANY), NO),
        ("doors/front-7", Pattern.of("doors/front-", ANY), MAYBE),
        ("doors/back-7", Pattern.of("doors/front-", ANY), NO),
        ("doors/open", ANY, MAYBE),
        ("a/b/c", Pattern.of("a/", ANY, "/c"), MAYBE),
        ("a/b/c/d", Pattern.of("a/", ANY), MAYBE),
        ("a/+/c", Pattern.of("a/", ANY, "/d"), NO),
        ("a/+/+", Pattern.of("a/", ANY, "/d"), MAYBE),
        ("a/+/#", Pattern.of("a/", ANY, "/d"), MAYBE),
        ("a/b/c", Pattern.of("a/", ANY, "/", ANY), MAYBE),
    ],
)
def test_a_topic_filter_takes_a_topic(topics: str, topic: Pattern, expected: Verdict) -> None:
    assert listens(Pattern.of(topics), topic) is expected


@pytest.mark.parametrize(
    ("sql", "topics", "what", "conditional"),
    [
        ("SELECT * FROM 'a/b'", "a/b", ("*",), False),
        ("select temperature, topic(2) as device from 'a/+' where temperature > 5", "a/+",
         ("temperature", "topic(2) as device"), True),
        ("SELECT concat(a, ',', b) AS c, d FROM \"x\"", "x", ("concat(a, ',', b) AS c", "d"), False),
    ],
)  # fmt: skip
def test_a_statement_is_read(sql: str, topics: str, what: tuple[str, ...], conditional: bool) -> None:
    rule = parse_rule(Pattern.of(sql))
    assert rule is not None
    assert (rule.topics.text, rule.what, rule.conditional) == (topics, what, conditional)


def test_a_topic_filter_may_have_a_part_that_is_not_known() -> None:
    rule = parse_rule(Pattern.of("SELECT * FROM '", Pattern.fixed("stage"), "/doors'"))
    assert rule is not None
    assert str(rule.topics) == "{stage}/doors"
    assert listens(rule.topics, Pattern.of(Pattern.fixed("stage"), "/doors")) is YES
    assert parse_rule(Pattern.of("SELECT everything")) is None


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("*", "message"),
        ("state.colour", "{'colour': message['state']['colour']}"),
        ("state.colour AS shade, *", "{'shade': message['state']['colour'], **message}"),
        ("topic(2) AS device", "{'device': topic}"),
        ("'fixed' AS kind, 7 AS count, timestamp() AS now", "{'kind': 'fixed', 'count': 7.0, 'now': ''}"),
        ("upper(name) AS name", "{'name': message}"),
        ("upper(name)", "{'upper': message}"),
    ],
)
def test_what_a_rule_selects(what: str, expected: str) -> None:
    rule = parse_rule(Pattern.of(f"SELECT {what} FROM 't'"))
    built = selected(rule, ast.Name("message", ast.Load()), ast.Name("topic", ast.Load()))
    assert ast.unparse(built) == expected
