"""The event graph explorer without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sls_lab.app import App, load_app
from sls_lab.facts import Span
from sls_lab.widgets import EventGraphExplorer
from sls_lab.widgets.event_graph import UnusableFile
from sls_lab.widgets.session import Focus

EXAMPLES = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
HOSTILE = """\
service: '"]; x [&lt;b&gt;'
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: '*', Resource: '*'}]}}
functions:
  '"]; x [<script>alert(1)</script>':
    handler: a.handler
    events: [httpApi: 'POST /<img src=x>']
  '写真\\N "quoted" &lt;b&gt; \\':
    handler: b.handler
    events: [sqs: 'arn:aws:sqs:eu-west-1:123456789012:jobs-"]; x [']
"""
CODE = """\
import boto3


def handler(event, context):
    boto3.client("sqs").send_message(
        QueueUrl='https://sqs.eu-west-1.amazonaws.com/123456789012/jobs-"]; x [', MessageBody=event["body"]
    )
"""


def example(name: str) -> App:
    return load_app(EXAMPLES / name)


@pytest.fixture
def hostile(tmp_path: Path) -> App:
    (tmp_path / "serverless.yml").write_text(HOSTILE, encoding="utf-8")
    for name in "ab":
        (tmp_path / f"{name}.py").write_text(CODE, encoding="utf-8")
    return load_app(tmp_path)


def rows(explorer: EventGraphExplorer) -> list[tuple[str, str]]:
    return [(row["group"], row["text"]) for row in explorer.view["rows"]]


def row_of(explorer: EventGraphExplorer, text: str) -> str:
    (found,) = [row["id"] for row in explorer.view["rows"] if row["text"] == text]
    return str(found)


def marked(view: dict[str, Any], mark: str) -> str:
    """The text under a mark of a source view (no characters beyond the BMP in it)."""
    (found,) = [(start, end) for id, _, start, end, _ in view["marks"] if id == mark]
    return str(view["text"][slice(*found)])


def test_an_edge_is_shown_in_both_files_with_its_reasons() -> None:
    explorer = EventGraphExplorer(example("upload-chain"))
    assert explorer.state == {"parts": [], "row": None, "panel": None}
    explorer.act("pick", part=row_of(explorer, "submit → store"))
    state, parts = explorer.state, explorer.parts
    assert state["panel"]["title"] == "submit → store by sqs.send_message on choir-recordings-dev-submissions"
    assert ("Status", "delivered") in state["panel"]["facts"]
    assert ("Certain", "yes") in state["panel"]["facts"]
    assert parts["code"]["file"] == "handlers/submit.py"
    assert marked(parts["code"], "call0").startswith("sqs.send_message(")
    assert parts["template"]["file"] == "serverless.yml"
    assert "sqs" in marked(parts["template"], "trigger1")
    assert state["chosen"] == ["call0", "trigger1"]
    assert len(state["parts"]) == 3  # the call's arrow, the queue, and the arrow to the handler


def test_each_reason_can_be_looked_at() -> None:
    explorer = EventGraphExplorer(example("safe-wrong-prefix"))
    explorer.act("pick", part=row_of(explorer, "reset → typeset"))
    for number, reason in enumerate(explorer.state["panel"]["reasons"]):
        if reason["id"] is None:
            continue
        explorer.act("reason", number=number)
        state = explorer.state
        assert state["chosen"] == [f"r{number}"]
        assert set(state["related"]) == {"call0", "trigger1"}
        file = reason["place"].rpartition(":")[0]
        shown = explorer.parts["code" if file.endswith(".py") else "template"]
        assert shown["file"] == file
        assert marked(shown, f"r{number}")
    explorer.act("mark", mark="call0")
    assert explorer.state["chosen"] == ["call0", "trigger1"]


def test_what_a_click_on_a_shared_arrow_means() -> None:
    app = example("fan-out")
    explorer = EventGraphExplorer(app)
    arrows = explorer._parts["arrows"]
    for part, edges in arrows.items():
        for edge in [*edges, *edges[:1]]:
            explorer.act("pick", part=part)
            assert explorer.state["row"] == edge
            assert part in explorer.state["parts"]


def test_nodes_tell_who_wakes_whom() -> None:
    explorer = EventGraphExplorer(example("upload-chain"))
    nodes = {node["name"]: part for part, node in explorer._parts["nodes"].items()}
    explorer.act("pick", part=nodes["store"])
    groups = dict(explorer.state["panel"]["groups"])
    assert [words for words, _ in groups["Woken by"]] == [
        "submit by sqs.send_message on choir-recordings-dev-submissions"
    ]
    assert [words for words, _ in groups["Wakes"]] == ["register by s3.put_object on choir-recordings-dev-audio"]
    assert explorer.state["panel"]["facts"][0][1].startswith("internal:")
    assert explorer.state["panel"]["reasons"]
    explorer.act("pick", part=nodes["choir-recordings-dev-audio"])
    groups = dict(explorer.state["panel"]["groups"])
    ((writes, edge),) = groups["Who writes"]
    ((listens, same),) = groups["Who listens"]
    assert (writes, listens, edge) == ("store by s3.put_object", "register", same)
    explorer.act("pick", part=edge)
    assert explorer.state["panel"]["title"].startswith("store → register")
    explorer.act("pick", part=nodes["httpApi POST /recordings"])
    assert dict(explorer.state["panel"]["groups"])["Wakes"] == [["submit", None]]
    assert marked(explorer.parts["template"], "trigger0")


def test_events_that_wake_no_handler_are_shown_on_demand() -> None:
    explorer = EventGraphExplorer(example("safe-wrong-prefix"))
    assert rows(explorer) == [("Delivered, certain", "reset → typeset")]
    assert explorer.view["failing"] == 2
    explorer.act("everything", on=True)
    assert ("Not delivered: filtered out", "submit → typeset") in rows(explorer)
    assert "filtered out" in explorer.view["graph"]["dot"]
    explorer.act("pick", part=row_of(explorer, "submit → typeset"))
    assert explorer.state["panel"]["why"] == "Why it is not delivered"
    assert "prefix" in explorer.state["panel"]["reasons"][-1]["text"]


@pytest.mark.parametrize(
    ("name", "kind", "new"),
    [
        ("safe-wrong-prefix", "filters", ["+ submit → typeset", "+ amend → typeset"]),
        ("safe-missing-permission", "permissions", ["+ collect → notify"]),
    ],
)
def test_each_kind_of_knowledge_keeps_false_edges_away(name: str, kind: str, new: list[str]) -> None:
    app = example(name)
    before = app.events
    explorer = EventGraphExplorer(app)
    explorer.act("ignore", kind=kind, on=True)
    assert [text for group, text in rows(explorer) if group.startswith("New")] == new
    count = "1 edge appears" if len(new) == 1 else f"{len(new)} edges appear"
    assert explorer.view["notice"]["text"] == f"Without {kind}, {count} that your application cannot have:"
    assert explorer.view["graph"]["dot"].count("new") >= len(new)
    explorer.act("pick", part=explorer.view["notice"]["rows"][0][0])
    assert ("New", f"holds only while {kind} are ignored") in explorer.state["panel"]["facts"]
    assert app.events is before
    explorer.act("ignore", kind=kind, on=False)
    assert explorer.view["notice"] is None
    # The edge that was chosen is now one that does not hold: it is told as such, though not drawn.
    assert explorer.state["panel"]["facts"][0][1].startswith("not delivered")
    assert explorer.state["parts"] == []


def test_without_the_environment_edges_are_uncertain() -> None:
    explorer = EventGraphExplorer(example("upload-chain"))
    explorer.act("ignore", kind="environment", on=True)
    notice = explorer.view["notice"]
    assert notice["text"].startswith("Without environment variables, ")
    assert notice["doubt"].endswith("no longer certain.")
    assert "dashed" in explorer.view["graph"]["dot"]


def test_one_handler_and_what_is_around_it() -> None:
    explorer = EventGraphExplorer(example("upload-chain"), only="register")
    assert [text for _, text in rows(explorer)] == ["store → register", "register → convert"]
    explorer.act("only", handler="register", far=True)
    assert len(rows(explorer)) == 3
    explorer.act("only", handler="no such handler")
    assert len(rows(explorer)) == 3
    assert explorer.view["only"] == ""


def test_what_another_widget_looks_at_is_picked() -> None:
    app = example("upload-chain")
    one, two = EventGraphExplorer(app), EventGraphExplorer(app)
    one.act("pick", part=row_of(one, "store → register"))
    assert two.state["panel"] == one.state["panel"]
    call = app.events.edges[0].span
    assert call is not None
    one.choose(Focus(Span(call.file, call.line, call.column, call.line, call.column + 3)))
    assert two.state["panel"]["title"].startswith("submit → store")
    trigger = app.events.edges[2].trigger
    assert trigger is not None
    one.choose(Focus(trigger.span))
    assert two.state["panel"]["title"].startswith("register → convert")
    one.choose(Focus(None, "submit"))
    assert two.state["panel"]["title"] == "handler submit"
    one.choose(Focus(Span("handlers/convert.py", 1, 0, 1, 1)))
    assert two.state["panel"]["title"] == "handler submit"


def test_what_is_picked_is_told_to_the_others() -> None:
    explorer = EventGraphExplorer(example("upload-chain"))
    explorer.act("pick", part=row_of(explorer, "submit → store"))
    edge = explorer.session.app.events.edges[0]
    assert explorer.session.focus == Focus(edge.span, "submit")
    explorer.act("reason", number=1)
    assert explorer.session.focus == Focus(edge.because[1].span, "submit")


def test_a_changed_application_is_shown_as_it_is_now() -> None:
    app = example("upload-chain")
    explorer = EventGraphExplorer(app, only="submit")
    explorer.act("ignore", kind="permissions", on=True)
    explorer.act("pick", part=row_of(explorer, "submit → store"))
    app.take_over(example("safe-wrong-prefix"))
    explorer.reread()
    assert explorer.state["panel"] is None
    assert explorer.view["name"] == "safe-wrong-prefix"
    assert explorer.view["ignored"] == ["permissions"]
    explorer.act("only", handler="typeset")
    assert rows(explorer) == [("Delivered, certain", "reset → typeset")]


@pytest.mark.parametrize("part", ["", "e99", "n99", "a99", "x", "e-1"])
def test_a_part_that_does_not_exist_is_no_choice(part: str) -> None:
    explorer = EventGraphExplorer(example("upload-chain"))
    explorer.act("pick", part=part)
    assert explorer.state["panel"] is None


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_every_part_of_every_example_can_be_picked(name: str) -> None:
    explorer = EventGraphExplorer(example(name))
    explorer.act("everything", on=True)
    for part in (*explorer._parts["nodes"], *explorer._parts["arrows"], *explorer._parts["edges"]):
        explorer.act("pick", part=part)
        assert explorer.state["panel"]["title"]
    assert json.loads(json.dumps([explorer.view, explorer.state]))


def test_the_picture_can_be_stored(tmp_path: Path) -> None:
    explorer = EventGraphExplorer(example("upload-chain"))
    assert ElementTree.parse(explorer.save(tmp_path / "x.svg")).getroot().tag.endswith("svg")
    assert explorer.save(str(tmp_path / "x.dot")).read_text().startswith("digraph")
    with pytest.raises(UnusableFile, match=r"end the name in \.svg or \.dot"):
        explorer.save(tmp_path / "x.png")
    with pytest.raises(UnusableFile, match="cannot be written"):
        explorer.save(tmp_path / "missing" / "x.svg")


def test_a_page_without_widgets_shows_picture_table_and_reasons() -> None:
    page = EventGraphExplorer(example("safe-wrong-prefix")).as_html()
    assert "<svg" in page
    assert "<td>reset</td>" in page
    assert "Not delivered: filtered out" in page
    assert "does not have the prefix" in page
    text = EventGraphExplorer(example("safe-wrong-prefix")).as_text()
    assert "--> typeset  s3.put_object on meter-readings-dev-reports" in text


def test_hostile_names_are_text_everywhere(hostile: App) -> None:
    explorer = EventGraphExplorer(hostile)
    page = explorer.as_html()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert any("<script>alert(1)</script>" in text for _, text in rows(explorer))
    for part in (*explorer._parts["nodes"], *explorer._parts["edges"]):
        explorer.act("pick", part=part)
        assert explorer.state["panel"]


def test_a_graph_too_big_to_draw_says_what_to_do(tmp_path: Path) -> None:
    functions = "".join(
        f"  f{number}: {{handler: a.handler, events: [sqs: 'arn:aws:sqs:eu-west-1:1:q{number}']}}\n"
        for number in range(40)
    )
    (tmp_path / "serverless.yml").write_text(
        "service: many\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: "
        "[{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}}\nfunctions:\n" + functions
    )
    (tmp_path / "a.py").write_text(
        'import boto3\n\ndef handler(event, context):\n    boto3.client("sqs").send_message(QueueUrl=event["q"])\n'
    )
    explorer = EventGraphExplorer(load_app(tmp_path))
    assert explorer.view["graph"] is None
    assert explorer.view["instead"] == "1,640 arrows are too many to draw at once. Choose one handler."
    assert len(explorer.view["rows"]) == 400
    assert explorer.view["more"] == 1200
    assert "too many to draw" in explorer.as_html()
