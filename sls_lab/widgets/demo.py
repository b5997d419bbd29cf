"""The panel for a projector: one application, five steps, nothing to type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ipywidgets

from sls_lab.app import App, analyse, load_app
from sls_lab.course import example_applications
from sls_lab.facts import SlsLabError, UnreadableApplication
from sls_lab.report.summary import outcome
from sls_lab.widgets import fallback
from sls_lab.widgets.ast_explorer import AstExplorer
from sls_lab.widgets.base import Action, LabWidget
from sls_lab.widgets.editor import Editor
from sls_lab.widgets.event_graph import EventGraphExplorer
from sls_lab.widgets.progress import analysed
from sls_lab.widgets.rewriting import RewritingStepper
from sls_lab.widgets.session import Session, session_of
from sls_lab.widgets.taint import TaintStepper
from sls_lab.widgets.template_explorer import TemplateExplorer


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: `words` are its label, `about` is written above what it shows."""

    id: str
    words: str
    about: str
    view: Callable[[App], LabWidget]


TABS: Final = (
    Tab("template", "1 Template", "What wakes each function, and what may it do?", TemplateExplorer),
    Tab("code", "2 Code", "A program is a tree. Which calls does it make, with which values?", AstExplorer),
    Tab("events", "3 Events", "Which call wakes which handler, and why?", EventGraphExplorer),
    Tab("rewriting", "4 Rewriting", "Each event becomes a plain call, edit by edit.", RewritingStepper),
    Tab("taint", "5 Taint", "How does an outsider's data get from the source to the sink?", TaintStepper),
    Tab("change", "Change it", "Close the path, and analyse again.", lambda app: Editor(app, _worst_file(app))),
)


def _worst_file(app: App) -> str | None:
    """Where the first flow ends: the place to begin with a change."""
    return app.flows.flows[0].sink.span.file if app.flows.flows else None


class _Control(LabWidget, source="demo.js"):
    """Which application, and which of its steps."""

    def __init__(self, panel: Demo, session: Session) -> None:
        self.panel = panel
        super().__init__(session)

    def read(self) -> None:
        """Nothing is kept: the panel knows all."""

    def make_view(self) -> dict[str, Any]:
        """The applications and the tabs there are."""
        tabs = [{"id": tab.id, "label": tab.words, "about": tab.about} for tab in TABS]
        return {"apps": list(self.panel.folders), "tabs": tabs}

    def make_state(self) -> dict[str, Any]:
        """What is shown now, and what the analysis comes to."""
        return {"app": self.panel.name, "tab": self.panel.tab, "outcome": outcome(self.session.app).sentence}

    def actions(self) -> Mapping[str, Action]:
        """Another application, another step."""
        return {"load": self.panel.load, "folder": self.panel.load_folder, "tab": self.panel.turn_to}

    def turn_to(self, session: Session) -> None:
        """Speak of another application."""
        self.session = session
        session.join(self)

    def as_html(self) -> str:
        """The application's name, and what its analysis comes to."""
        return fallback.page(f"Live demonstration: {self.panel.name}", fallback.paragraph(self.state["outcome"]))

    def as_text(self) -> str:
        """The same as a line."""
        return f"{self.panel.name}: {self.state['outcome']}"


class Demo(ipywidgets.VBox):  # type: ignore[misc]
    """One page in large type: choose an application, then walk through its five steps by tabs.

    What was shown once is kept, so that going back to a step takes no time. Raises UnreadableApplication where `folder`
    holds no application, or none is given and the kit was installed without its examples.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        super().__init__()
        self.folders = example_applications()
        if folder is not None:
            self.folders = {Path(folder).resolve().name: Path(folder), **self.folders}
        if not self.folders:
            raise UnreadableApplication("this installation has no examples: give demo() the folder of an application")
        self.name = next(iter(self.folders))
        self.tab = TABS[0].id
        self._views: dict[tuple[str, str], LabWidget] = {}
        self._apps: dict[str, App] = {}
        self._stage = ipywidgets.Box(layout=ipywidgets.Layout(display="block", overflow="visible"))
        self.control = _Control(self, session_of(self._app(self.name)))
        self.children = (self.control, self._stage)
        self.add_class("sls-large")
        self.turn_to(self.tab)

    def load(self, name: str) -> None:
        """Show another of the applications, at the same step. Raises UnreadableApplication."""
        app = self._app(name)
        self.name = name
        self.control.turn_to(session_of(app))
        self.turn_to(self.tab)

    def load_folder(self, path: str) -> None:
        """Show the application in a folder of the learner's own. Raises UnreadableApplication."""
        try:
            folder = Path(path).expanduser()
            name = folder.resolve().name
        except (OSError, RuntimeError, ValueError) as error:  # an unknown user's home, a loop of links, a null byte
            raise UnreadableApplication(f"{path!r} is not the path of a folder: {error}") from error
        if self.folders.get(name, folder) != folder:
            name = str(folder)
        self.folders.setdefault(name, folder)
        try:
            self.load(name)
        except SlsLabError:
            del self.folders[name]
            raise
        self.control.view = self.control.make_view()

    def turn_to(self, tab: str) -> None:
        """Show another step of the same application."""
        known = next((one for one in TABS if one.id == tab), None)
        if known is None:
            return
        self.tab = tab
        if (self.name, tab) not in self._views:
            self.control.progress(f"Making “{known.words}”")
            self._views[self.name, tab] = known.view(self._app(self.name))
            self.control.status = ""
        self._stage.children = (self._views[self.name, tab],)
        self.control.show_state()

    def _app(self, name: str) -> App:
        if name not in self._apps:
            app = load_app(self.folders[name])
            if self._apps:
                analyse([app], raw=True, progress=self.control.progress)
            else:
                # There is no control yet that could show the progress.
                analysed(app, raw=True)
            self._apps[name] = app
        return self._apps[name]

    def _repr_mimebundle_(self, **arguments: Any) -> Any:
        bundle = super()._repr_mimebundle_(**arguments)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        parts = (self.control, *self._stage.children)
        html = "\n".join(part.as_html() for part in parts)
        text = "\n\n".join(part.as_text() for part in parts)
        return {**data, "text/html": html, "text/plain": text}, metadata


def demo(folder: Path | str | None = None) -> Demo:
    """The panel for a live demonstration, on the examples of the kit or on the application in `folder`."""
    return Demo(folder)
