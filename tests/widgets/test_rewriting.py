"""The rewriting stepper without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sls_lab.app import load_app
from sls_lab.facts import Span
from sls_lab.widgets import Editor, RewritingStepper
from sls_lab.widgets.session import Focus, session_of

EXAMPLES = Path(__file__).resolve().parents[2] / "code-examples" / "apps"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of an example."""
    return Path(shutil.copytree(EXAMPLES / "upload-chain", tmp_path / "upload-chain"))


@pytest.fixture
def stepper(folder: Path) -> RewritingStepper:
    return RewritingStepper(load_app(folder))


def test_it_begins_with_the_first_handler_of_the_template(stepper: RewritingStepper) -> None:
    assert (stepper.state["at"], stepper.state["file"]) == (0, "handlers/submit.py")
    assert stepper.parts["change"]["words"] == "type annotation"
    assert "sqs: SQSClient = " in stepper.parts["after"]["text"]
    assert "SQSClient" not in stepper.parts["before"]["text"]
    assert "import SQSClient" not in stepper.parts["after"]["text"]


@pytest.mark.parametrize("name", ["store", "handlers/store.py"])
def test_it_begins_at_a_handler_or_a_file(folder: Path, name: str) -> None:
    stepper = RewritingStepper(load_app(folder), name)
    assert stepper.state["file"] == "handlers/store.py"
    assert stepper.state["chosen"] == f"change-{stepper.state['at']}"
    assert stepper.state["earlier"] == []


def test_a_name_that_does_not_exist_is_told(folder: Path) -> None:
    stepper = RewritingStepper(load_app(folder), "stroe")
    assert stepper.status == "The application has no handler and no file called stroe."
    assert stepper.state["at"] == 0


def test_each_step_adds_one_change_and_keeps_the_earlier(stepper: RewritingStepper) -> None:
    for at in range(len(stepper.changes)):
        stepper.act("go", to=at)
        state = stepper.state
        marked = {mark[0] for mark in stepper.parts["after"]["marks"]}
        assert marked == {state["chosen"], *state["earlier"]}
        assert state["chosen"] == f"change-{at}"
    stepper.act("go", to=len(stepper.changes))
    assert stepper.state["at"] == len(stepper.changes) - 1
    stepper.act("go", to=-1)
    assert stepper.state["at"] == len(stepper.changes) - 1


def test_the_difference_has_signs_and_the_lines_their_origin(stepper: RewritingStepper) -> None:
    stepper.act("go", to=3)
    added = [line for look, line, _ in stepper.parts["diff"] if look == "added"]
    assert "+    store_handler(sqs_event, None)" in added
    assert all(line.startswith("+") for line in added)
    assert [look for look, *_ in stepper.parts["diff"]][:3] == ["header", "header", "hunk"]
    assert ["removed", '-sqs = boto3.client("sqs")'] in [line[:2] for line in stepper.parts["diff"]]
    origins = stepper.parts["after"]["origins"]
    lines = stepper.parts["after"]["text"].split("\n")
    assert origins[lines.index("    store_handler(sqs_event, None)")] is None
    assert origins[-1] == 19
    stepper.act("tab", to="diff")
    assert stepper.state["tab"] == "diff"


def test_what_serves_the_analyser_alone_is_shown_when_asked_for(stepper: RewritingStepper) -> None:
    shown = len(stepper.changes)
    hidden = stepper.view["hidden"]
    stepper.act("go", to=3)
    stepper.act("analyser", on=True)
    assert (stepper.state["at"], len(stepper.changes), stepper.view["analyser"]) == (3, shown + hidden, True)
    numbers = stepper.in_file("handlers/submit.py")
    assert [stepper.changes[number].kind for number in numbers][-1] == "for-the-analyser"
    stepper.act("go", to=numbers[-1])
    assert 'def handler(event: "sls_lab_event.Event", context):' in stepper.parts["after"]["text"]
    assert stepper.state["headline"] == "for the analyser in handlers/submit.py"
    assert stepper.parts["change"]["purpose"]
    assert "from .store import handler as store_handler" in stepper.parts["after"]["text"]
    assert "sls_lab_event" in stepper.as_html() and "sls_lab_event" in stepper.as_text()
    stepper.act("analyser", on=False)
    assert len(stepper.changes) == shown and "sls_lab_event" not in stepper.parts["after"]["text"]


def test_a_reason_shows_its_place_and_others_follow(stepper: RewritingStepper) -> None:
    editor = Editor(stepper.session.app, "handlers/convert.py")
    stepper.act("go", to=3)
    assert editor.state["file"] == "handlers/submit.py"
    reasons = stepper.parts["change"]["reasons"]
    number = next(reason["id"] for reason in reasons if reason["place"] == "serverless.yml:22")
    stepper.act("reason", number=number)
    place = stepper.parts["place"]
    assert stepper.state["reason"] == number
    assert place["file"] == editor.state["file"] == "serverless.yml"
    ((_, _, start, end, _),) = place["marks"]
    assert "sqs:SendMessage" in place["text"][start:end]
    stepper.act("back")
    assert (stepper.parts["place"], stepper.state["reason"]) == (None, None)
    stepper.act("reason", number=999)
    assert stepper.parts["place"] is None


def test_the_nodes_are_shown_as_source_and_as_a_tree(stepper: RewritingStepper) -> None:
    stepper.act("go", to=3)
    (node,) = stepper.parts["change"]["nodes"]
    assert node["source"]["text"] == "store_handler(sqs_event, None)"
    assert node["tree"]["text"].startswith("Expr(\n  value=Call(")


def test_a_file_without_changes_says_so(stepper: RewritingStepper) -> None:
    item = stepper.view["items"][-1]
    assert item["detail"] == "handlers/convert.py"
    stepper.act("item", item=item["id"])
    state = stepper.state
    assert (state["file"], state["chosen"], stepper.parts["diff"]) == ("handlers/convert.py", None, [])
    assert state["empty"].startswith("Nothing is rewritten in this file")
    stepper.act("item", item="change-2")
    assert stepper.state["file"] == "handlers/submit.py"


def test_it_follows_a_place_and_a_handler(stepper: RewritingStepper) -> None:
    session = session_of(stepper.session.app)
    other = Editor(session.app)
    session.choose(Focus(Span("handlers/store.py", 17, 12, 17, 15)), other)
    change = stepper.change
    assert change is not None
    assert (change.file, change.kind, change.about.line) == ("handlers/store.py", "event-object", 15)
    session.choose(Focus(handler="register"), other)
    assert stepper.state["file"] == "handlers/register.py"
    here = stepper.state["at"]
    session.choose(Focus(Span("handlers/convert.py", 16, 8, 16, 17), "convert"), other)
    assert stepper.state["at"] == here


@pytest.mark.live
def test_after_another_analysis_it_keeps_its_place_where_there_is_one(stepper: RewritingStepper) -> None:
    editor = Editor(stepper.session.app)
    stepper.act("go", to=3)
    text = (stepper.session.app.path / "handlers/submit.py").read_text()
    editor.session.write("handlers/submit.py", text.replace("    recording =", "    # new\n    recording ="))
    editor.session.analyse(lambda _: None)
    assert stepper.state["at"] == 3
    assert "# new" in stepper.parts["after"]["text"]
    template = (stepper.session.app.path / "serverless.yml").read_text()
    editor.session.write("serverless.yml", template.replace("sqs:SendMessage", "sqs:PurgeQueue"))
    editor.session.analyse(lambda _: None)
    assert "store_handler" not in stepper.parts["after"]["text"]
    assert len(stepper.changes) == 13
    editor.session.write("serverless.yml", "functions: {}\nprovider: {name: aws}\nservice: s\n")
    editor.session.analyse(lambda _: None)
    assert stepper.changes == ()
    assert stepper.state["empty"].startswith("No file is rewritten")


def test_saved_pages_show_every_change_and_no_foreign_html(folder: Path) -> None:
    file = folder / "handlers/submit.py"
    file.write_text(file.read_text().replace("import boto3", "import boto3  # <script>alert(1)</script> \u202e"))
    stepper = RewritingStepper(load_app(folder))
    data, _ = stepper._repr_mimebundle_()
    assert "<script>" not in data["text/html"]
    assert "&lt;script&gt;" in data["text/html"]
    assert "\u202e" not in data["text/html"] + data["text/plain"]
    assert data["text/html"].count("<details>") == len(stepper.changes)
    assert "16. import at handlers/register.py:15" in data["text/plain"]
    assert "this statement allows sqs:SendMessage" in data["text/plain"]


@pytest.mark.parametrize("name", ["odd-names", "half-broken", "mixed-languages"])
def test_odd_applications_are_shown(name: str) -> None:
    stepper = RewritingStepper(load_app(EXAMPLES / name))
    for at in range(len(stepper.changes)):
        stepper.act("go", to=at)
        assert stepper.state["at"] == at
    assert stepper.as_text()


def test_what_was_not_analysed_is_said_in_every_form(folder: Path) -> None:
    (folder / "handlers/convert.py").write_text("def (\n")
    stepper = RewritingStepper(load_app(folder))
    sentence = "Not analysed: convert: handlers/convert.py does not parse (line 1: invalid syntax); correct it."
    assert stepper.view["unseen"] == [sentence]
    assert sentence in stepper.as_html()
    assert sentence in stepper.as_text()
