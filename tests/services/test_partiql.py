"""What PartiQL statements write, and where their parameters stand."""

from __future__ import annotations

import ast

import pytest

from sls_lab.services import payload_of, raises
from sls_lab.services.partiql import parse_statement
from tests.services.conftest import Calls

CLIENT = "boto3.client('dynamodb')"


@pytest.mark.parametrize(
    ("text", "kind", "table", "places"),
    [
        ("INSERT INTO \"jobs\" VALUE {'id': ?, 'command': ?}", "insert", "jobs", ("id", "command")),
        ("insert into jobs value {'id': 'fixed, ?', 'n': ?}", "insert", "jobs", ("n",)),
        ('UPDATE "jobs" SET command=? SET done = ? WHERE id=?', "update", "jobs", ("command", "done", "id")),
        ('UPDATE "jobs" SET "state.now"=? WHERE id=\'1\'', "update", "jobs", ("state",)),
        ('DELETE FROM "jobs" WHERE id = ?', "delete", "jobs", ("id",)),
        ('DELETE FROM "jobs"."by-day" WHERE id = ?', "delete", "jobs", ("id",)),
    ],
)
def test_a_statement_that_writes(text: str, kind: str, table: str, places: tuple[str, ...]) -> None:
    found = parse_statement(text)
    assert found is not None
    assert (found.kind, found.table, found.places) == (kind, table, places)


@pytest.mark.parametrize("text", ["SELECT * FROM jobs", "", "EXISTS(SELECT * FROM jobs)", "INSERT INTO"])
def test_a_statement_that_writes_nothing(text: str) -> None:
    assert parse_statement(text) is None


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        (
            f"{CLIENT}.execute_statement(Statement=\"INSERT INTO jobs VALUE {{'id': ?, 'command': ?}}\", "
            "Parameters=[{'S': '1'}, {'S': event['c']}])",
            {"Item": "{'id': {'S': '1'}, 'command': {'S': event['c']}}"},
        ),
        (
            f"{CLIENT}.execute_statement(Statement='UPDATE jobs SET command=? WHERE id=?', Parameters=event['p'])",
            {"Item": "{'command': event['p'][0], 'id': event['p'][1]}"},
        ),
        (
            f"{CLIENT}.batch_execute_statement(Statements=[{{'Statement': 'DELETE FROM jobs WHERE id=?', "
            "'Parameters': [{'S': event['i']}]}])",
            {"Keys": "{'id': {'S': event['i']}}"},
        ),
    ],
)
def test_what_travels_of_a_statement(calls: Calls, call: str, parts: dict[str, str]) -> None:
    [(found, view)] = calls(call)
    [raised] = raises(found, view)
    payload = payload_of(raised, found, view)
    assert {name: ast.unparse(part) for name, part in payload.parts.items()} == parts
