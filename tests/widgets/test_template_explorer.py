"""The template explorer without a browser."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sls_lab.app import load_app
from sls_lab.facts import Span
from sls_lab.widgets import TemplateExplorer
from sls_lab.widgets.resolving import stages
from sls_lab.widgets.session import Focus
from sls_lab.widgets.template_model import TemplateModel

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"

HOSTILE = """service: s
provider:
  name: aws
  runtime: python3.12
  environment:
    ИМЯ: ${self:custom.missing}
    TURNED: "a\u202eb"
functions:
  "<script>alert(1)</script>":
    handler: h.one
    events:
      - sqs: arn:aws:sqs:us-east-1:1:queue
  '"]; x [':
    handler: nowhere.two
"""


def explorer(name: str) -> TemplateExplorer:
    return TemplateExplorer(load_app(APPS / name))


def write(folder: Path, text: str) -> TemplateExplorer:
    folder.mkdir(exist_ok=True)
    (folder / "serverless.yml").write_text(text)
    (folder / "h.py").write_text("def one(event, context): ...\n")
    return TemplateExplorer(load_app(folder))


def named(widget: TemplateExplorer, kind: str, name: str) -> str:
    """The id of the one item of a kind and name."""
    (found,) = [item.id for item in widget.model.items if item.kind == kind and item.name == name]
    return found


def marked(widget: TemplateExplorer) -> set[tuple[str, str]]:
    """The kinds and texts that carry a mark."""
    return {(mark.kind, widget.model.text_of(mark.span)) for mark in widget.model.marks() if mark.kind}


def test_each_kind_is_marked_where_it_is_declared() -> None:
    found = marked(explorer("upload-chain"))
    assert {text for kind, text in found if kind == "function"} == {"submit", "store", "register", "convert"}
    assert {text for kind, text in found if kind == "trigger"} == {"httpApi", "sqs", "s3", "stream"}
    assert {text for kind, text in found if kind == "permission"} == {"Effect: Allow"}
    assert {text for kind, text in found if kind == "environment"} == {"BUCKET", "TABLE", "QUEUE_URL"}
    assert {text for kind, text in found if kind == "resource"} == {"SubmissionQueue", "CatalogueTable"}
    assert ("value", "${self:custom.bucket}") in found
    assert ("value", "!GetAtt SubmissionQueue.Arn") in found


def test_sam_is_marked_too_and_only_what_is_written() -> None:
    widget = explorer("sam-notes")
    found = marked(widget)
    assert {text for kind, text in found if kind == "function"} == {
        "SaveNote",
        "ImportNotes",
        "ListTags",
        "PreviewLink",
    }
    assert {text for kind, text in found if kind == "trigger"} == {"Save", "Import", "Tags", "NewNotes"}
    # The framework adds permissions to write logs: they belong to the function and stand nowhere.
    assert {text for kind, text in found if kind == "permission"} == {"DynamoDBWritePolicy:", "DynamoDBCrudPolicy:"}
    widget.act("pick", id=named(widget, "function", "PreviewLink"))
    permissions = widget.state["detail"]["groups"][2]["items"]
    assert any("logs:PutLogEvents" in each["text"] for each in permissions)


def test_a_variable_resolves_step_by_step_along_the_places_it_passed() -> None:
    widget = explorer("upload-chain")
    at = Span("serverless.yml", 17, 14, 17, 14)
    widget.follow(Focus(at))
    detail = widget.state["detail"]
    assert detail["title"] == "${self:custom.bucket}"
    assert [step["now"] for step in detail["steps"]] == [
        "${self:custom.bucket}",
        "${self:custom.prefix}-audio",
        "${self:service}-${self:custom.stage}-audio",
        "choir-recordings-${self:custom.stage}-audio",
        "choir-recordings-${opt:stage, 'dev'}-audio",
        "choir-recordings-${opt:stage, 'dev'}-audio",
        "choir-recordings-dev-audio",
    ]
    assert [step["place"] for step in detail["steps"]] == [f"serverless.yml:{line}" for line in (17, 8, 6, 1, 5, 5, 5)]
    assert detail["value"] == [{"text": "choir-recordings-dev-audio", "hole": ""}]
    text = widget.view["sources"]["serverless.yml"]["text"]
    reached = []
    for step in range(4):
        widget.act("go", to=step)
        start, end = widget.state["places"][widget.state["at"]]
        reached.append(text[start:end])
    assert reached == [
        "${self:custom.bucket}",
        "${self:custom.prefix}-audio",
        "${self:service}-${self:custom.stage}",
        "choir-recordings",
    ]
    widget.act("go", to=99)
    assert widget.state["step"] == 6


@pytest.mark.parametrize("name", ["upload-chain", "sam-notes", "lost-property", "safe-wrong-table", "two-stacks"])
def test_the_texts_of_the_steps_begin_as_written_and_end_at_the_value(name: str) -> None:
    template = load_app(APPS / name).template
    for resolution in template.resolutions:
        found = stages(template, resolution)
        assert found, resolution.written
        assert (found[0], found[-1]) == (resolution.written, str(resolution.value))
        assert len(found) == len(resolution.because) + 1


def test_a_variable_longer_than_a_sentence_has_steps_as_well(tmp_path: Path) -> None:
    long = "${self:custom." + "x" * 130 + "}"
    text = f"service: demo\ncustom: {{{long[14:-1]}: photos}}\nprovider: {{name: aws, runtime: python3.12}}\n"
    text += f"functions:\n  one: {{handler: one.handler, environment: {{BUCKET: '{long}'}}}}\n"
    (tmp_path / "serverless.yml").write_text(text, encoding="utf-8")
    template = load_app(tmp_path).template
    (resolution,) = (one for one in template.resolutions if one.written == long)
    assert stages(template, resolution) == (long, "photos")


def test_steps_lead_into_the_files_that_are_included() -> None:
    widget = explorer("report-file")
    assert widget.view["files"] == ["serverless.yml", "config/names.yml"]
    item = next(
        item
        for item in widget.model.items
        if item.kind == "value"
        and item.span.file == "serverless.yml"
        and any(one.span and one.span.file != "serverless.yml" for one in item.because)
    )
    widget.act("pick", id=item.id)
    assert widget.state["file"] == "serverless.yml"
    files = []
    for step in range(len(item.because) + 1):
        widget.act("go", to=step)
        files.append(widget.state["file"])
        assert widget.state["at"] is not None
    assert "config/names.yml" in files


def test_holes_are_shown_as_such() -> None:
    widget = explorer("upload-chain")
    widget.act("pick", id=named(widget, "environment", "QUEUE_URL"))
    detail = widget.state["detail"]
    assert [part["text"] for part in detail["value"] if part["hole"]] == ["{AWS::AccountId}"]
    assert detail["holes"] == ["{AWS::AccountId} is one string for a whole deployment, not known here."]


def test_a_function_shows_all_that_belongs_to_it() -> None:
    widget = explorer("upload-chain")
    widget.act("pick", id=named(widget, "function", "register"))
    detail = widget.state["detail"]
    assert detail["handler"] == {
        "written": "handlers/register.handler",
        "place": "handlers/register.py:12",
        "unseen": "",
    }
    assert detail["entry"]["kind"] == "internal"
    assert detail["entry"]["because"][0]["text"] == "a handler here raises its s3 event"
    triggers, environment, permissions, diagnostics = detail["groups"]
    assert [one["text"] for one in triggers["items"]] == ["s3 choir-recordings-dev-audio"]
    assert "rules: prefix incoming/, suffix .wav" in triggers["items"][0]["more"]
    assert {one["text"]: one["value"][0]["text"] for one in environment["items"]} == {
        "BUCKET": "choir-recordings-dev-audio",
        "TABLE": "choir-recordings-dev-catalogue",
    }
    assert len(environment["items"][0]["because"]) == 7
    assert "Allow s3:PutObject, s3:GetObject on arn:aws:s3:::choir-recordings-dev-audio/*" in [
        one["text"] for one in permissions["items"]
    ]
    assert diagnostics["items"] == []


def test_what_was_not_analysed_is_said_at_the_function() -> None:
    widget = explorer("mixed-languages")
    assert [one["detail"] for one in widget.view["diagnostics"]] == [
        "serverless.yml:37",
        "serverless.yml:44",
        "serverless.yml:54",
    ]
    widget.act("pick", id=named(widget, "function", "notice"))
    detail = widget.state["detail"]
    assert detail["handler"]["place"] is None
    assert "runs on nodejs20.x" in detail["handler"]["unseen"]
    assert len(detail["groups"][3]["items"]) == 1


def test_a_pick_tells_the_others_and_a_focus_is_followed() -> None:
    app = load_app(APPS / "upload-chain")
    one, two = TemplateExplorer(app), TemplateExplorer(app)
    one.act("pick", id=named(one, "trigger", "s3 choir-recordings-dev-audio"))
    assert one.session.focus.handler == "register"
    assert two.state["item"] == one.state["item"]
    one.choose(Focus(app.code.handlers["store"].span, "store"))
    assert two.state["item"] == named(two, "function", "store")
    # A place where nothing is declared is shown all the same.
    one.choose(Focus(Span("serverless.yml", 12, 0, 12, 9)))
    assert two.state["item"] is None
    start, end = two.state["places"][two.state["at"]]
    assert two.view["sources"]["serverless.yml"]["text"][start:end] == "  name: a"


def test_the_handler_is_shown_to_the_others() -> None:
    widget = explorer("upload-chain")
    widget.act("handler")
    assert widget.session.focus == Focus()
    widget.act("pick", id=named(widget, "function", "convert"))
    widget.act("handler")
    assert widget.session.focus == Focus(widget.session.app.code.handlers["convert"].span, "convert")


def test_kinds_can_be_left_unmarked() -> None:
    widget = explorer("upload-chain")
    widget.act("mark", kind="value", shown=False)
    assert widget.state["hidden"] == ["value"]
    widget.act("mark", kind="value", shown=True)
    widget.act("mark", kind="no such kind", shown=False)
    assert widget.state["hidden"] == []


def test_a_change_of_the_template_is_seen(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(APPS / "upload-chain", tmp_path / "app"))
    widget = TemplateExplorer(load_app(folder))
    widget.act("pick", id=named(widget, "function", "convert"))
    (folder / "serverless.yml").write_text((folder / "serverless.yml").read_text().replace("  convert:", "  concert:"))
    widget.session.app.take_over(load_app(folder))
    widget.reread()
    assert widget.state["detail"]["title"] == "function concert"


BROKEN = """service: s
provider:
  name: aws
  runtime: python3.12
custom: ${self:custom}
functions:
  a:
    handler: h.one
    events: [
"""


def test_a_template_that_does_not_parse_is_shown_with_the_place(tmp_path: Path) -> None:
    widget = write(tmp_path / "app", BROKEN)
    (remark,) = widget.view["diagnostics"]
    assert "does not parse" in remark["text"]
    widget.act("pick", id=remark["id"])
    start, end = widget.state["places"][widget.state["at"]]
    assert end > start
    assert widget.view["functions"] == []
    assert "does not parse" in widget.as_html()


def test_a_value_that_cannot_be_known_says_so(tmp_path: Path) -> None:
    widget = write(tmp_path / "app", BROKEN.replace(" [\n", " []\n"))
    widget.act("pick", id=named(widget, "value", "${self:custom}"))
    (remark,) = widget.state["detail"]["remarks"]
    assert "leads back to itself" in remark
    # The place carries both marks; a click picks the value.
    assert [mark.kind for mark in widget.model.marks() if mark.span.line == 5] == ["diagnostic", "value"]


class Tags(HTMLParser):
    """Which elements a piece of HTML has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    widget = write(tmp_path / "app", HOSTILE)
    page = widget.as_html()
    assert "script" not in Tags(page).seen
    assert "\u202e" not in page
    for function in ("<script>alert(1)</script>", '"]; x ['):
        widget.act("pick", id=named(widget, "function", function))
        assert widget.state["detail"]["title"] == f"function {function}"
        assert "\u202e" not in json.dumps([widget.view, widget.state], ensure_ascii=False)
    assert "nowhere.py" in widget.state["detail"]["handler"]["unseen"]
    widget.act("pick", id=named(widget, "environment", "ИМЯ"))
    assert widget.state["detail"]["holes"]
    assert any("self:custom.missing" in one["text"] for one in widget.view["diagnostics"])


def test_a_hundred_functions_are_listed_with_what_wakes_them(tmp_path: Path) -> None:
    body = "".join(
        f"  f{number}:\n    handler: h.one\n    events:\n      - sqs: arn:aws:sqs:us-east-1:1:q{number}\n"
        for number in range(100)
    )
    widget = write(tmp_path / "app", f"service: s\nprovider:\n  name: aws\n  runtime: python3.12\nfunctions:\n{body}")
    assert len(widget.view["functions"]) == 100
    assert widget.view["functions"][99] == {"id": "function:99", "text": "f99", "detail": "sqs q99"}
    assert len(widget.as_text().splitlines()) == 100


def test_saved_pages_show_marks_functions_and_values() -> None:
    page = explorer("upload-chain").as_html()
    assert '<mark class="sls-mark-function" title="function submit">submit</mark>' in page
    assert "<td>choir-recordings-dev-audio</td>" in page
    widget = explorer("upload-chain")
    assert "submit  handlers/submit.handler  httpApi POST /recordings  public" in widget.as_text()
    widget.act("pick", id=named(widget, "value", "!Ref SubmissionQueue"))
    assert "1. !Ref SubmissionQueue is https://sqs.eu-central-1.amazonaws.com/" in widget.as_text()


def test_every_example_can_be_explored() -> None:
    for folder in sorted(path for path in APPS.iterdir() if path.is_dir()):
        widget = TemplateExplorer(load_app(folder))
        assert isinstance(widget.model, TemplateModel)
        for item in widget.model.items:
            widget.act("pick", id=item.id)
            assert widget.state["item"] == item.id
            widget.act("go", to=len(item.because))
        assert json.dumps([widget.view, widget.state])
