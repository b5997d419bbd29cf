"""The editor: change a file of the application in a copy, and analyse again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sls_lab.app import App
from sls_lab.facts import Diagnostic, UnreadableApplication
from sls_lab.report.summary import OutcomeKind, outcome
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, LabWidget
from sls_lab.widgets.session import Focus, session_of
from sls_lab.widgets.sources import ShownText
from sls_lab.widgets.unparsed import unparsed_texts


class Editor(LabWidget, source="editor.js"):
    """A file of `app` to type in. *Analyse again* runs all five steps on the change and says how many flows there were
    and are, or at which line a file cannot be read; the other widgets of the same app show what came of it. *Reset*
    brings the original back.

    Changes go into a copy of the folder, which `app` reads from then on. `file` is relative to the application; without
    one the editor opens the first template.
    """

    def __init__(self, app: App, file: str | None = None) -> None:
        self.file = file or app.template.files[0]
        self.answer: OutcomeKind | None = None
        super().__init__(session_of(app))

    def read(self) -> None:
        """The texts of the templates and of the files that handlers reach."""
        app = self.session.app
        modules = {file: module.text for file, module in app.code.modules.items()}
        self.texts = {**unparsed_texts(app), **app.template.texts, **modules}
        self.texts.setdefault(self.file, "")

    def make_view(self) -> dict[str, Any]:
        """The names of the files."""
        return {"files": sorted(self.texts)}

    def make_state(self) -> dict[str, Any]:
        """The file that is open, its text, the lines at which something is wrong, and the last analysis's answer."""
        return {
            "file": self.file,
            "text": self.texts[self.file],
            "changed": self.session.changed,
            "answer": self.answer,
            "wrong": {str(one.span.line): ShownText(one.message).shown for one in self._errors() if one.span},
        }

    def actions(self) -> Mapping[str, Action]:
        """Open another file, analyse a change, give up all changes."""
        return {"open": self.open_file, "analyse": self.analyse, "reset": self.reset}

    def open_file(self, file: str) -> None:
        """Show another file."""
        if file in self.texts:
            self.file = file

    def analyse(self, file: str, text: str) -> None:
        """Write a change and run all steps on it."""
        before = self._known_flows()
        self.answer = None
        self.session.write(file, text)
        self.texts[file] = text
        try:
            self.session.analyse(self.progress)
        except UnreadableApplication as error:
            self.answer = "not-analysed"
            self.status = f"Nothing could be analysed: {error}"
            return
        told = outcome(self.session.app)
        self.answer = told.answer
        sentences = [told.sentence]
        if before is not None and told.answer in {"flows", "no-flow"}:
            sentences.insert(0, f"Flows: {before} → {self._known_flows()}.")
        sentences += [f"{one.span.place}: {one.message}" for one in self._errors()[:1] if one.span]
        self.status = " ".join(sentences)

    def _known_flows(self) -> int | None:
        """How many flows were found, where that was asked already: to know it, Pysa must have run."""
        app = self.session.app
        if "flows" not in vars(app) or not app.complete:
            return None
        return len(app.flows.flows)

    def _errors(self) -> list[Diagnostic]:
        """What keeps the open file from being analysed, by line."""
        app = self.session.app
        all_of_them = (*app.template.diagnostics, *app.code.diagnostics)
        here = [one for one in all_of_them if one.level == "error" and one.span and one.span.file == self.file]
        return sorted(here, key=lambda one: one.span.line if one.span else 0)

    def reset(self) -> None:
        """Bring back the original of every file."""
        self.answer = None
        self.session.reset()
        self.session.analyse(self.progress)
        self.status = "The original is back."

    def follow(self, focus: Focus) -> None:
        """Open the file that another widget looks at."""
        if focus.span and focus.span.file in self.texts and focus.span.file != self.file:
            self.file = focus.span.file
            self.show_state()

    def as_html(self) -> str:
        """The file as it is."""
        return fallback.page("Editor (runs in JupyterLab)", fallback.source(self.file, self.texts[self.file]))

    def as_text(self) -> str:
        """The file as it is."""
        return f"{self.file}\n{self.texts[self.file]}"
