"""The line that shows how far an analysis is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sls_lab.app import App, analyse, load_app
from sls_lab.facts import Diagnostic, UnreadableApplication
from sls_lab.taint import TaintReport
from sls_lab.widgets import analysed
from sls_lab.widgets.progress import NotebookProgress, ending, show_analysis

EXAMPLE = Path(__file__).resolve().parents[2] / "code-examples" / "apps" / "upload-chain"


class Told(NotebookProgress):
    """A line that writes down what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def show(self, text: str, step: int | None = None) -> None:
        super().show(text, step)
        self.lines.append(self.text)


@pytest.fixture
def app() -> App:
    app = load_app(EXAMPLE)
    analyse([app], use_recording=True)
    return app


def test_outside_of_jupyter_nothing_is_printed(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    analysed(app)
    assert capsys.readouterr() == ("", "")


def test_each_step_is_told_and_the_end(app: App) -> None:
    told = Told()
    show_analysis(app, told)
    assert told.lines[:4] == [
        "Step 1 of 5: reading the template of upload-chain …",
        "Step 2 of 5: reading the code of upload-chain …",
        "Step 3 of 5: linking the events of upload-chain …",
        "Step 4 of 5: rewriting the handlers of upload-chain …",
    ]
    assert told.lines[-1].startswith("upload-chain: recorded, not run now: the flows were recorded on ")
    assert told.lines[-1].endswith(": 1 flow found")


def test_what_cannot_be_read_is_told_and_raised(tmp_path: Path) -> None:
    told = Told()
    with pytest.raises(UnreadableApplication):
        show_analysis(load_app(tmp_path), told)
    assert told.lines[-1].startswith("Not analysed: ")


def test_the_end_tells_live_recorded_and_not_analysed_apart(app: App) -> None:
    live = replace(app.flows, analysed="live")
    assert ending(live, 1.94, traced=True) == "analysed live in 1.9 s: 1 flow found"
    assert ending(live, 0.04, traced=False) == "unchanged since it was analysed, answered in 0.0 s: 1 flow found"
    unseen = replace(live, flows=(), unseen={"a": Diagnostic("not-looked-into", "why")})
    assert ending(unseen, 2, traced=True) == "analysed live in 2.0 s: no flow found, 1 handler not analysed"
    failed = TaintReport((), "not-run", {}, (), (), (Diagnostic("pysa-missing", "no Pysa"),), {})
    assert ending(failed, 1, traced=True) == "not analysed: no Pysa"
