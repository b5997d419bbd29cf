"""The values that a replayed attack has at the steps of a flow, for the taint stepper."""

from __future__ import annotations

from dataclasses import dataclass, field

from sls_lab.course.contents import own_applications
from sls_lab.replay import Child, Simulation, available
from sls_lab.replay.own_examples import is_own
from sls_lab.replay.request_shapes import shaped_requests
from sls_lab.replay.requests_file import read_requests
from sls_lab.replay.seen_values import values_at
from sls_lab.taint.model import Flow
from sls_lab.widgets.session import Session
from sls_lab.widgets.sources import ShownText


@dataclass
class SeenSteps:
    """Replays attacks on flows of one session's application, each once, where its code may be run."""

    session: Session
    _child: Child = field(default_factory=Child)
    _known: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def possible(self) -> bool:
        """Whether values can be seen: moto is installed, and the application is one of the kit's own."""
        return available() and is_own(self.session.original, own_applications())

    def forget(self) -> None:
        """The application has changed."""
        self._known.clear()

    def look(self, number: int, flow: Flow) -> None:
        """Replay attacks on flow `number`. Raises UnreadableRequests."""
        app = self.session.app
        scenarios = read_requests(app.path, app.template) or shaped_requests(app.template, app.code)
        self._known[number] = values_at(Simulation(app.template, self._child), flow, scenarios)

    def value(self, number: int, step: int) -> str:
        """The value seen at a step of a flow; empty where none was, or nobody has looked."""
        _, values = self._known.get(number, ("", ()))
        return ShownText(values[step]).shown if step < len(values) else ""

    def sentence(self, number: int) -> str:
        """What became of the attacks on a flow; empty where nobody has looked."""
        return ShownText(self._known.get(number, ("", ()))[0]).shown
