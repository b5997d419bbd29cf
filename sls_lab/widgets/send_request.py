"""Send a request to an application on a simulated AWS, and see it go from handler to handler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sls_lab.app import App
from sls_lab.course.contents import own_applications
from sls_lab.facts import SlsLabError
from sls_lab.replay import Child, Replay, Simulation, why_unavailable
from sls_lab.replay.own_examples import check_allowed
from sls_lab.replay.requests_file import Scenario, read_requests
from sls_lab.report.display import one_line
from sls_lab.report.replay_text import as_replay_text
from sls_lab.report.summary import count
from sls_lab.template import read_template
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, LabWidget
from sls_lab.widgets.graphs import graph_view
from sls_lab.widgets.hop_words import hop_view
from sls_lab.widgets.recorded_requests import recorded_request
from sls_lab.widgets.session import session_of

_MISSING = "Only the samples can be sent, since their replays were recorded: {}."
_RECORDED = "Recorded, not run now: {}."


class NoSuchField(SlsLabError):
    """The application has no honest request with the string that is to be typed."""


class SendRequest(LabWidget, source="send_request.js"):
    """A form with one string of the application's first request that has `field`, and what happens when it is sent.

    `samples` are strings that a click puts into the form. The application's handlers run, in a process with limits;
    that is done without asking for the kit's own examples and for a learner's changes to them, else only where
    `run_its_code` is true. Raises NoSuchField and NotAllowed.
    """

    def __init__(
        self, app: App, field: str = "title", samples: Sequence[str] = (), *, run_its_code: bool = False
    ) -> None:
        self.field = field
        self.samples = tuple(samples)
        self.at = 0
        self.replay: Replay | None = None
        self._sent = 0
        self._child = Child()
        check_allowed(session_of(app).original, own_applications(), run_its_code)
        self.scenario, self.typed = _scenario(app, field)
        super().__init__(session_of(app))
        if why := why_unavailable():
            self.status = _MISSING.format(why)

    def read(self) -> None:
        """The graph of the events, and nothing sent yet."""
        self.graph = graph_view(self.session.app, compact=True)
        self.replay = None
        self.recorded: dict[str, Any] | None = None
        self.at = 0

    def make_view(self) -> dict[str, Any]:
        """The form and the graph."""
        return {
            "at": self.scenario.at,
            "field": self.field,
            "samples": list(self.samples),
            "graph": self.graph,
        }

    def make_state(self) -> dict[str, Any]:
        """What happened, hop by hop, and which hop is looked at."""
        if self.recorded is not None:
            return {"typed": self.typed, "sent": True, "at": self.at, "sending": self._sent, **self.recorded}
        hops = self.replay.hops if self.replay is not None else ()
        followed = self.replay.request.followed if self.replay is not None else ()
        return {
            "typed": self.typed,
            "sent": self.replay is not None,
            "at": self.at,
            "hops": [hop_view(hop, followed) for hop in hops],
            "outcome": self._outcome(),
            "ways": [self._lit(number) for number in range(len(hops))],
            "sending": self._sent,
        }

    def actions(self) -> Mapping[str, Action]:
        """Send, and look at a hop."""
        return {"send": self.send_text, "go": self.go}

    def send_text(self, text: str) -> None:
        """Send the request with `text` in its field; what was sent before is forgotten."""
        self.typed = text
        if why := why_unavailable():
            self.recorded = recorded_request(self.session.app.name, self.field, text)
            self.at = max(0, len(self.recorded["hops"]) - 1) if self.recorded is not None else 0
            self._sent += 1
            self.status = (_RECORDED if self.recorded is not None else _MISSING).format(why)
            return
        self.progress("the handlers run")
        app = self.session.app
        simulation = Simulation(read_template(app.path, app.options), self._child)
        chosen = self.scenario.changed(lambda place, old: text if place[-1] == self.field else old)
        self.replay = simulation.replay(chosen.request(simulation.deployment).following((text,)))
        self.at = max(0, len(self.replay.hops) - 1)
        self._sent += 1
        self.status = ""

    def go(self, to: int) -> None:
        """Look at hop number `to`, from 0."""
        if 0 <= to < len(self.state["hops"]):
            self.at = to

    def _outcome(self) -> str:
        """What a reader should take from it, in one sentence or two."""
        if self.replay is None:
            return ""
        if self.replay.missing:
            return f"Not replayed: the module {one_line(self.replay.missing)} is not installed."
        hops = self.replay.hops
        notes = " ".join(f"{one_line(note.message)}." for note in self.replay.notes)
        commands = [
            len(shown["commands"]) for hop in hops for shown in hop_view(hop, ())["dangers"] if shown["commands"]
        ]
        ends = f" The shell at its end reads {count(commands[-1], 'command')}." if commands else ""
        return f"{count(len(hops), 'handler')} ran.{ends} {notes}".strip()

    def _lit(self, at: int) -> list[str]:
        """The parts of the drawing that the request has reached with hop number `at`, the newest first."""
        hops = self.replay.hops[: at + 1] if self.replay is not None else ()
        nodes = {node["handler"]: part for part, node in self.graph["nodes"].items() if node["handler"]}
        parts: list[str] = []
        for hop in hops:
            if hop.woken_by is not None and self.replay is not None:
                source = self.replay.hops[hop.woken_by - 1].handler
                for edge in self.graph["edges"].values():
                    if (edge["source"], edge["target"]) == (source, hop.handler):
                        parts += edge["parts"]
            if hop.handler in nodes:
                parts.append(nodes[hop.handler])
        return list(dict.fromkeys(reversed(parts)))

    def as_html(self) -> str:
        """What a page without widgets shows."""
        return fallback.page("Send a request", fallback.preformatted(self.as_text()))

    def as_text(self) -> str:
        """The form, then every hop."""
        if self.recorded is not None:
            recorded = _RECORDED.format(why_unavailable())
            return f"{self.field} = {one_line(self.typed)}\n{self.recorded['outcome']}\n{recorded}\n"
        head = f"Request to {self.scenario.at}: {self.field} = {one_line(self.typed)}\n"
        if self.replay is None:
            return f"{head}Nothing is sent yet.\n"
        return f"{head}{self._outcome()}\n\n{as_replay_text([self.replay], columns=100)}"


def _scenario(app: App, field: str) -> tuple[Scenario, str]:
    """The first honest request with a string called `field`, and that string."""
    found: list[str] = []

    def note(place: tuple[str | int, ...], text: str) -> str:
        if place[-1] == field:
            found.append(text)
        return text

    for scenario in read_requests(app.path, app.template):
        if not scenario.attack:
            scenario.changed(note)
        if found:
            return scenario, found[0]
    raise NoSuchField(f"{app.name} has no request with a string called {field}")
