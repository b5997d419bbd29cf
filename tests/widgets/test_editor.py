"""The editor without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sls_lab.app import load_app
from sls_lab.facts import Span
from sls_lab.widgets import Editor
from sls_lab.widgets.session import Focus

EXAMPLE = Path(__file__).resolve().parents[2] / "code-examples" / "apps" / "upload-chain"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of an example."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "upload-chain"))


def test_it_opens_the_template_or_the_file_asked_for(folder: Path) -> None:
    assert Editor(load_app(folder)).state["file"] == "serverless.yml"
    editor = Editor(load_app(folder), "handlers/store.py")
    assert editor.state["text"] == (folder / "handlers/store.py").read_text()
    editor.act("open", file="handlers/submit.py")
    assert editor.state["file"] == "handlers/submit.py"
    editor.act("open", file="../elsewhere.py")
    assert editor.state["file"] == "handlers/submit.py"


def test_it_opens_the_file_that_another_widget_looks_at(folder: Path) -> None:
    app = load_app(folder)
    one, two = Editor(app), Editor(app)
    one.choose(Focus(Span("handlers/register.py", 1, 0, 1, 1)))
    assert two.state["file"] == "handlers/register.py"
    assert one.state["file"] == "serverless.yml"


@pytest.mark.live
def test_a_change_that_leaves_no_function_is_no_clean_result(folder: Path) -> None:
    editor = Editor(load_app(folder))
    editor.act("analyse", file="serverless.yml", text="- 1\n")
    assert editor.status.startswith("Not analysed: it has no function.")
    assert not editor.session.app.complete
    assert editor.state["text"] == "- 1\n"
    editor.act("reset")
    assert editor.status == "The original is back."
    assert editor.state["text"] == (folder / "serverless.yml").read_text()


@pytest.mark.live
def test_a_change_that_does_not_parse_is_kept_and_can_be_repaired(folder: Path) -> None:
    original = (folder / "handlers/convert.py").read_text()
    editor = Editor(load_app(folder), "handlers/convert.py")
    editor.act("analyse", file="handlers/convert.py", text="def (\n")
    assert editor.state["text"] == "def (\n"
    assert list(editor.session.app.code.unseen) == ["convert"]
    assert list(editor.state["wrong"]) == ["1"]
    assert "handlers/convert.py:1: " in editor.status
    assert editor.state["answer"] in {"flows", "no-flow-in-part"}
    editor.act("open", file="serverless.yml")
    editor.act("open", file="handlers/convert.py")
    assert editor.state["text"] == "def (\n"
    editor.act("analyse", file="handlers/convert.py", text=original)
    assert editor.state["text"] == original
    assert editor.state["wrong"] == {}
    editor.act("analyse", file="handlers/convert.py", text=original.replace("os.system(", "print("))
    assert editor.status.startswith("Flows: 1 → 0. No flow found")
    assert editor.state["answer"] == "no-flow"
    assert not editor.session.app.code.unseen


def test_a_broken_handler_is_there_to_be_repaired(folder: Path) -> None:
    (folder / "handlers/convert.py").write_text("def (\n")
    (folder / "handlers/store.py").write_bytes(b"# \xff\n")
    editor = Editor(load_app(folder))
    assert "handlers/convert.py" in editor.view["files"]
    assert "handlers/store.py" not in editor.view["files"], "its text would be another one"


def test_a_change_that_leaves_no_template_is_told_in_one_sentence() -> None:
    editor = Editor(load_app(EXAMPLE.parent / "sam-notes"))
    editor.act("analyse", file="template.yaml", text="- 1\n")
    assert editor.status.startswith("Nothing could be analysed: ")


def test_saved_pages_show_the_text_and_nothing_of_it_as_html(folder: Path) -> None:
    (folder / "handlers/store.py").write_text("# <script>alert(1)</script>\ndef handler(event, context): ...\n")
    editor = Editor(load_app(folder), "handlers/store.py")
    data, _ = editor._repr_mimebundle_()
    assert "<script>" not in data["text/html"]
    assert "&lt;script&gt;" in data["text/html"]
    assert "<script>alert(1)</script>" in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_an_action_that_does_not_exist_is_ignored_from_the_browser(folder: Path) -> None:
    editor = Editor(load_app(folder))
    before = editor.state
    editor._receive(editor, {"act": "delete everything", "with": {}}, [])
    assert editor.state == before
