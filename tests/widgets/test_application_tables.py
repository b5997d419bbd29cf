"""One table for each question that notebooks ask of an application."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sls_lab
from sls_lab.widgets import (
    show_advice,
    show_answers,
    show_arguments,
    show_calls,
    show_edges,
    show_edits,
    show_entries,
    show_event_objects,
    show_functions,
    show_path,
    show_permissions,
    show_reasons,
    show_resources,
    show_triggers,
    show_what_holds,
)

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"


@pytest.fixture(scope="module")
def choir() -> sls_lab.App:
    return sls_lab.load_app(APPS / "upload-chain")


def test_what_the_template_declares(choir: sls_lab.App) -> None:
    assert show_functions(choir).rows[1] == ("store", "handlers/store.handler", "sqs")
    assert show_triggers(choir).rows[0] == ("upload-chain", "serverless", "submit", "httpApi", "the web")
    assert show_triggers(choir, choir).rows[4:] == show_triggers(choir).rows
    assert show_permissions(choir, "store").rows[1][1] == "s3:PutObject, s3:GetObject"
    with pytest.raises(KeyError):
        show_permissions(choir, "sing")


def test_what_the_code_calls(choir: sls_lab.App) -> None:
    assert show_calls(choir).rows[1] == ("store", "15", "put_object", "s3", '`s3 = boto3.client("s3")`')


def test_who_wakes_whom() -> None:
    safe = sls_lab.load_app(APPS / "safe-missing-permission")
    assert [row[-1] for row in show_edges(safe).rows] == ["denied", "linked"]
    blind = sls_lab.load_app(APPS / "safe-missing-permission", ignore=["environment"])
    assert ("collect", "?", "s3", "put_object", "unresolved") in show_edges(blind).rows
    assert "linked, not certain" in [row[-1] for row in show_edges(blind).rows]
    assert [row[2] for row in show_entries(safe).rows] == ["public", "external", "internal"]


def test_why_a_value_is_what_it_is(choir: sls_lab.App) -> None:
    bucket = choir.template.function("store").environment["BUCKET"]
    assert show_reasons("BUCKET", bucket.because).rows[0][0] == "serverless.yml:17"


def test_what_is_known_of_a_string(choir: sls_lab.App) -> None:
    address = choir.template.function("submit").environment["QUEUE_URL"].value
    shown = show_answers(address, ("all of it?", address.known), ("the end?", address.ends_with("-submissions")))
    assert str(address) in shown.name
    assert shown.rows == (("all of it?", "no"), ("the end?", "yes"))


def test_which_edges_hold_without_a_kind_of_knowledge(choir: sls_lab.App) -> None:
    safe = sls_lab.load_app(APPS / "safe-wrong-prefix")
    assert [[cell[0] for cell in counts] for _, *counts in show_what_holds(choir, safe).rows] == [
        ["3", "3", "3", "3"],
        ["1", "1", "3", "1"],
    ]
    assert show_what_holds(choir).rows[0][-1] == "3 (3 not certain)"


def test_event_objects_are_python_in_the_order_of_the_edges(choir: sls_lab.App) -> None:
    text = show_event_objects(choir).text
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# submit → store: handlers/submit.py, line 15",
        "# store → register: handlers/store.py, line 15",
        "# register → convert: handlers/register.py, line 15",
    ]
    names = [node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    assert [name for name in names if name.endswith("_event")] == ["sqs_event", "s3_event", "dynamodb_event"]


def test_advice_is_chosen_by_its_code() -> None:
    museum = sls_lab.load_app(APPS / "museum-guide")
    assert {row[0] for row in show_advice(museum, "wildcard-permission").rows} == {"wildcard-permission"}
    assert len(show_advice(museum).rows) == len(museum.advice)


def test_a_path_is_shown_where_it_changes_hands() -> None:
    app = sls_lab.load_app(APPS / "upload-chain")
    sls_lab.analyse([app], use_recording=True)
    [flow] = app.flows.flows
    shown = show_path(flow)
    assert [row[1] for row in shown.rows] == ["submit", "submit", "store", "register", "convert"]


def test_what_is_known_of_calls_and_what_was_added(choir: sls_lab.App) -> None:
    assert show_resources(choir).rows[1] == ("store", "s3.put_object", "choir-recordings-dev-audio")
    put = next(call for call in choir.code.calls if call.api == "put_object")
    assert show_arguments(put).rows[0] == ("Bucket", "os.environ['BUCKET']", "choir-recordings-dev-audio")
    assert ("handler-call", "3") in show_edits(choir).rows
