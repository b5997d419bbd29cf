"""The editor: change a file of the application in a copy, and analyse again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sls_lab.app import App
from sls_lab.facts import UnreadableApplication
from sls_lab.report.summary import outcome
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, LabWidget
from sls_lab.widgets.session import Focus, session_of
from sls_lab.widgets.unparsed import unparsed_texts


class Editor(LabWidget, source="editor.js"):
    """A file of `app` to type in. *Analyse again* runs all five steps on the change, and the other widgets of the same
    app show what came of it; *Reset* brings the original back.

    Changes go into a copy of the folder, which `app` reads from then on. `file` is relative to the application; without
    one the editor opens the first template.
    """

    def __init__(self, app: App, file: str | None = None) -> None:
        self.file = file or app.template.files[0]
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
        """The file that is open, with its text."""
        return {"file": self.file, "text": self.texts[self.file], "changed": self.session.changed}

    def actions(self) -> Mapping[str, Action]:
        """Open another file, analyse a change, give up all changes."""
        return {"open": self.open_file, "analyse": self.analyse, "reset": self.reset}

    def open_file(self, file: str) -> None:
        """Show another file."""
        if file in self.texts:
            self.file = file

    def analyse(self, file: str, text: str) -> None:
        """Write a change and run all steps on it."""
        self.session.write(file, text)
        self.texts[file] = text
        try:
            self.session.analyse(self.progress)
        except UnreadableApplication as error:
            self.status = f"Nothing could be analysed: {error}"
            return
        self.status = outcome(self.session.app).sentence

    def reset(self) -> None:
        """Bring back the original of every file."""
        self.session.reset()
        self.session.analyse(self.progress)
        self.status = "The original is back."

    def follow(self, focus: Focus) -> None:
        """Open the file that another widget looks at."""
        if focus.span and focus.span.file in self.texts and focus.span.file != self.file:
            self.file = focus.span.file
            self.state = self.make_state()

    def as_html(self) -> str:
        """The file as it is."""
        return fallback.page("Editor (runs in JupyterLab)", fallback.source(self.file, self.texts[self.file]))

    def as_text(self) -> str:
        """The file as it is."""
        return f"{self.file}\n{self.texts[self.file]}"
