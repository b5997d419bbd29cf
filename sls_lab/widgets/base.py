"""What all widgets have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets
from IPython.core.getipython import get_ipython
from IPython.display import display

from sls_lab.facts import SlsLabError
from sls_lab.report.walk import STEPS, place_words
from sls_lab.widgets.assets import script, styles, viz
from sls_lab.widgets.session import Focus, Session
from sls_lab.widgets.sources import colours

Action = Callable[..., None]


class PlainWidget(anywidget.AnyWidget):
    """Something to see, drawn by the script that the class names as its `source`.

    `view` is what there is to see (it changes when the application does), `state` what of it is chosen (it changes
    with each click), `parts` the texts and drawings that `state` speaks of: they are large, and the same for many
    clicks, so that most clicks are answered by `state` alone. All are JSON and made in Python. The browser sends
    actions by name, which change the widget's model and so its state. `status` is one sentence for the learner: what
    happens now, or what went wrong. `walk` says at which of the five steps
    a reader is.
    """

    view = traitlets.Dict().tag(sync=True)
    parts = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    walk = traitlets.Dict().tag(sync=True)

    #: Which of the five steps the widget shows, from 1; 0 for a widget that belongs to no step.
    walk_step = 0

    _css = styles()

    def __init_subclass__(cls, *, source: str = "", step: int = 0, **arguments: Any) -> None:
        if source:
            cls._esm = script(source)
            cls.walk_step = step
        super().__init_subclass__(**arguments)

    def __init__(self) -> None:
        # What there is to see goes with the message that makes the widget in the browser: no view of it is ever empty.
        if self.walk_step:
            self.walk = {"steps": STEPS, "here": self.walk_step, "words": place_words(self.walk_step)}
        self.reread()
        super().__init__()
        self.on_msg(self._receive)

    # What each widget gives.

    def read(self) -> None:
        """Make the widget's model from what it shows."""
        raise NotImplementedError

    def make_view(self) -> dict[str, Any]:
        """What there is to see, as JSON."""
        raise NotImplementedError

    def make_state(self) -> dict[str, Any]:
        """What is chosen, as JSON."""
        return {}

    def make_parts(self) -> dict[str, Any]:
        """The texts and drawings that the state speaks of, as JSON."""
        return {}

    def actions(self) -> Mapping[str, Action]:
        """What the browser may ask for, by name; the message's other fields are the arguments."""
        return {}

    def as_html(self) -> str:
        """What a page without widgets shows: HTML that needs nothing else."""
        raise NotImplementedError

    def as_text(self) -> str:
        """What a terminal shows."""
        raise NotImplementedError

    # What they share.

    def reread(self) -> None:
        """Show everything as it is now."""
        self.read()
        self.view = self.make_view()
        self.show_state()

    def show_state(self) -> None:
        """Show what is chosen now: what changed of it is sent at once, in one message."""
        with self.hold_sync():
            self.parts = self.make_parts()
            self.state = self.make_state()

    def act(self, name: str, /, **arguments: Any) -> None:
        """Do what a click does: how tests and notebooks drive a widget without a browser.

        Raises KeyError for an action that this widget does not have.
        """
        action = self.actions()[name]
        self.status = ""
        try:
            action(**arguments)
        except SlsLabError as error:
            self.status = str(error)
        self.show_state()

    def progress(self, text: str) -> None:
        """Tell the learner which step runs; the browser shows it while Python works."""
        self.status = f"{text} …"

    def _receive(self, _: object, content: Mapping[str, Any], __: object) -> None:
        if content.get("ask") == "viz":
            # Once a page, and as a message: a trait would be stored with every widget.
            self.send({"viz": True}, buffers=[viz()])
        elif content.get("ask") == "colours":
            self.send({"coloured": colours(content["file"], content["text"]), "number": content["number"]})
        elif content.get("act") == "text":
            self.send({"text": self.as_text()})
        elif content.get("act") in self.actions():
            self.act(content["act"], **content.get("with", {}))

    def _repr_mimebundle_(self, **arguments: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget for JupyterLab, and HTML and text for whatever shows no widgets."""
        bundle = super()._repr_mimebundle_(**arguments) or ({}, {})
        data, metadata = bundle
        return {**data, "text/html": self.as_html(), "text/plain": self.as_text()}, metadata

    def outputs(self) -> list[dict[str, Any]]:
        """What a notebook shows: the widget, and the HTML that stands for it in a saved notebook (`.sls-saved`).

        JupyterLab takes the first form that it knows of an output, and says "model not found" where the widget's kernel
        has ended, whatever other forms there are. So the two are outputs of their own, one of which is hidden.
        """
        data, _ = self._repr_mimebundle_()
        page = f'<div class="sls-saved">\n{data.pop("text/html")}\n</div>'
        text = data.pop("text/plain")
        return [{**data, "text/plain": ""}, {"text/html": page, "text/plain": text}]

    def _ipython_display_(self) -> None:
        if getattr(get_ipython(), "kernel", None) is None:
            display({"text/plain": self.as_text()}, raw=True)
            return
        for output in self.outputs():
            display(output, raw=True)

    def __repr__(self) -> str:
        return self.as_text()


class LabWidget(PlainWidget):
    """A view of one session. What it shows is made from the session's application, and follows the other widgets."""

    def __init__(self, session: Session) -> None:
        self.session = session
        super().__init__()
        session.join(self)

    def follow(self, focus: Focus) -> None:
        """Show what there is on `focus`, which another widget chose."""

    def choose(self, focus: Focus) -> None:
        """Have the session's other widgets follow."""
        self.session.choose(focus, self)
