"""The demonstration panel without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import sls_lab
from sls_lab.facts import UnreadableApplication
from sls_lab.widgets import demo
from sls_lab.widgets.demo import TABS

# A panel analyses what it shows.
pytestmark = pytest.mark.live

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"


@pytest.fixture(scope="module")
def panel() -> sls_lab.widgets.demo.Demo:
    """One panel for all tests of this file: each begins by choosing what it needs."""
    return sls_lab.demo()


def shown(panel: sls_lab.widgets.demo.Demo) -> str:
    """The name of the widget that is shown."""
    (widget,) = panel.children[1].children
    return type(widget).__name__


def test_all_examples_can_be_chosen_and_the_chain_comes_first(panel: sls_lab.widgets.demo.Demo) -> None:
    names = panel.control.view["apps"]
    assert names[0] == "upload-chain"
    assert sorted(names) == sorted(folder.name for folder in APPS.iterdir() if (folder / "expected.yml").exists())


def test_each_tab_shows_its_widget_and_keeps_it(panel: sls_lab.widgets.demo.Demo) -> None:
    widgets = ("TemplateExplorer", "AstExplorer", "EventGraphExplorer", "RewritingStepper", "TaintStepper", "Editor")
    panel.load("upload-chain")
    for tab, name in zip(TABS, widgets, strict=True):
        panel.control.act("tab", tab=tab.id)
        assert shown(panel) == name
        kept = panel.children[1].children[0]
        panel.control.act("tab", tab=TABS[0].id)
        panel.control.act("tab", tab=tab.id)
        assert panel.children[1].children[0] is kept
    panel.control.act("tab", tab="no such tab")
    assert shown(panel) == widgets[-1]


def test_another_application_is_shown_at_the_same_step(panel: sls_lab.widgets.demo.Demo) -> None:
    panel.control.act("tab", tab="events")
    panel.control.act("load", name="mail-leak")
    assert panel.control.state["app"] == "mail-leak"
    assert panel.control.state["tab"] == "events"
    assert panel.children[1].children[0].session.app.name == "mail-leak"


def test_a_folder_of_ones_own(panel: sls_lab.widgets.demo.Demo, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(APPS / "order-scan", tmp_path / "mine"))
    panel.control.act("folder", path=str(folder))
    assert panel.control.state["app"] == "mine"
    assert "mine" in panel.control.view["apps"]
    for path in ("~nobody-has-this-name/app", "a\0b"):
        panel.control.act("folder", path=path)
        assert "is not the path of a folder" in panel.control.status
    panel.control.act("folder", path=str(tmp_path / "nothing"))
    assert "nothing" in panel.control.status
    assert panel.control.state["app"] == "mine"
    assert "nothing" not in panel.folders


def test_a_change_shows_in_the_outcome(panel: sls_lab.widgets.demo.Demo) -> None:
    panel.control.act("load", name="upload-chain")
    assert panel.control.state["outcome"].startswith("1 flow found")
    panel.control.act("tab", tab="change")
    editor = panel.children[1].children[0]
    text = editor.texts["handlers/convert.py"].replace("os.system(", "print(")
    editor.act("analyse", file="handlers/convert.py", text=text)
    assert not panel.control.state["outcome"].startswith("1 flow found")
    editor.act("reset")
    assert panel.control.state["outcome"].startswith("1 flow found")


def test_a_saved_page_shows_the_step(panel: sls_lab.widgets.demo.Demo) -> None:
    panel.load("upload-chain")
    panel.turn_to("events")
    data, _ = panel._repr_mimebundle_()
    assert "sqs.send_message" in data["text/html"]
    assert "upload-chain: 1 flow found" in data["text/plain"]


def test_without_examples_it_asks_for_an_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "example_applications", dict)
    with pytest.raises(UnreadableApplication, match="give demo"):
        sls_lab.demo()
    assert sls_lab.demo(APPS / "sam-notes").control.state["app"] == "sam-notes"
