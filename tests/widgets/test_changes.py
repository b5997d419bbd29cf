"""The rewriting as a series of changes, over every example and over places in which only several edits make code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sls_lab.app import App, load_app
from sls_lab.rewrite import AnalysedText, RewrittenFile
from sls_lab.widgets.changes import all_changes, apply_first, changes_of, handler_of, ordered_files, source_of

EXAMPLES = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
TEMPLATE = """service: odd
provider:
  name: aws
  iam:
    role:
      statements: [{Effect: Allow, Action: "*", Resource: "*"}]
functions:
  ask: {handler: ask.handler, events: [{httpApi: POST /ask}]}
  answer: {handler: answer.handler}
"""
WITHIN = """import boto3
client = boto3.client("lambda")
def handler(event, context):
    if client.invoke(FunctionName="odd-dev-answer", Payload=event["body"]):
        return 1
"""


@pytest.fixture(scope="module", params=sorted(path.name for path in EXAMPLES.iterdir()))
def app(request: pytest.FixtureRequest) -> App:
    return load_app(EXAMPLES / request.param)


@pytest.fixture
def within(tmp_path: Path) -> App:
    (tmp_path / "serverless.yml").write_text(TEMPLATE)
    (tmp_path / "ask.py").write_text(WITHIN)
    (tmp_path / "answer.py").write_text("def handler(event, context):\n    return 2\n")
    return load_app(tmp_path)


def files(app: App) -> list[RewrittenFile]:
    return list(app.rewriting.files.values())


def test_all_changes_give_the_rewritten_file_and_none_the_original(app: App) -> None:
    for file in files(app):
        count = len(changes_of(file))
        assert apply_first(file, 0).text == file.original
        assert apply_first(file, count).text == file.text
        assert apply_first(file, count + 1) == apply_first(file, count)


def test_with_those_for_the_analyser_the_changes_give_what_it_reads(app: App) -> None:
    for file in files(app):
        changes = changes_of(file, analyser=True)
        first, count = len(changes_of(file)), len(changes)
        assert changes[:first] == changes_of(file)
        assert {change.kind for change in changes[first:]} <= {"for-the-analyser"}
        edits = [edit for change in changes[first:] for edit in change.edits]
        assert sorted(map(id, edits)) == sorted(map(id, file.for_the_analyser))
        assert apply_first(file, first, analyser=True) == apply_first(file, first)
        assert apply_first(file, count, analyser=True).text == AnalysedText(file).text
        for number in range(first, count + 1):
            applied = apply_first(file, number, analyser=True)
            ast.parse(applied.text)
            for change, spans in zip(changes[first:number], applied.spans[first:], strict=False):
                assert [span.text_in(applied.text) for span in spans] == [edit.text.strip() for edit in change.edits]
                assert change.about.file == file.file and change.purpose


def test_every_edit_belongs_to_one_change(app: App) -> None:
    for file in files(app):
        edits = [edit for change in changes_of(file) for edit in change.edits]
        assert sorted(map(id, edits)) == sorted(map(id, file.edits))
    assert len(all_changes(app)) == sum(len(changes_of(file)) for file in files(app))
    assert sorted(ordered_files(app)) == sorted(app.rewriting.files)


def test_after_each_change_the_file_parses_and_the_spans_hold_what_was_written(app: App) -> None:
    for file in files(app):
        changes = changes_of(file)
        for count in range(len(changes) + 1):
            applied = apply_first(file, count)
            ast.parse(applied.text)
            for change, spans in zip(changes[:count], applied.spans, strict=True):
                texts = [span.text_in(applied.text) for span in spans]
                assert texts == [edit.text.strip() for edit in change.edits]


def test_lines_know_what_they_were(app: App) -> None:
    for file in files(app):
        before = file.original.split("\n")
        applied = apply_first(file, len(file.edits))
        for line, origin in zip(applied.text.split("\n"), applied.origins, strict=False):
            written = {text.strip() for edit in file.edits for text in edit.text.split("\n")}
            if origin is None:
                assert line.strip() in written
            else:
                assert line == before[origin - 1] or any(edit.span.line == origin for edit in file.edits)


def test_an_import_stands_behind_the_change_that_needs_it() -> None:
    file = load_app(EXAMPLES / "upload-chain").rewriting.files["handlers/submit.py"]
    told = [(change.kind, ast.unparse(change.nodes[0]).split("=")[0].strip()) for change in changes_of(file)]
    assert told == [
        ("type-annotation", "sqs: SQSClient"),
        ("import", "from mypy_boto3_sqs.client import SQSClient"),
        ("event-object", "sqs_event"),
        ("handler-call", "store_handler(sqs_event, None)"),
        ("import", "from handlers.store import handler as store_handler"),
    ]


def test_brackets_around_a_condition_are_one_change_with_what_they_hold(within: App) -> None:
    file = within.rewriting.files["ask.py"]
    (calling,) = [change for change in changes_of(file) if change.kind == "handler-call"]
    assert [edit.text.strip() for edit in calling.edits][::2] == ["found(", ")"]
    assert len(calling.nodes) == 1
    assert calling.woken == ("answer",)
    assert len(calling.because) == len(set(calling.because)) > 1
    for count in range(len(changes_of(file)) + 1):
        ast.parse(apply_first(file, count).text)


def test_a_change_belongs_to_the_handler_that_raises_the_event(within: App) -> None:
    assert {handler_of(within, change) for change in all_changes(within)} == {"ask"}


def test_a_long_node_is_laid_out_and_stays_what_it_is(app: App) -> None:
    for change in all_changes(app):
        for node in change.nodes:
            source = source_of(node)
            assert ast.dump(ast.parse(source)) == ast.dump(ast.parse(ast.unparse(node)))
