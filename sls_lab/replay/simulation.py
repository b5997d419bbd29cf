"""An application on a simulated AWS: handlers run in a child process, the template's wires do the rest."""

from __future__ import annotations

import importlib.util
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sls_lab.facts import NO_LIMITS, NO_PROCESSES, SlsLabError, in_browser, on_windows
from sls_lab.replay.answers import Answers
from sls_lab.replay.arrival import judged
from sls_lab.replay.aws_sinks import danger_of
from sls_lab.replay.declared_stores import functions, stores
from sls_lab.replay.deployment import Deployment, deploy
from sls_lab.replay.exchange import readable
from sls_lab.replay.hop_builder import HopBuilder, Spans
from sls_lab.replay.http_requests import http_trigger, refused_answer
from sls_lab.replay.model import Call, Danger, Delivery, Hop, Note, Outside, Replay, Request, SeenVariable, ValueAsked
from sls_lab.replay.outcomes import Outcomes
from sls_lab.replay.permissions import refusal
from sls_lab.replay.process import Child, ChildEnded
from sls_lab.replay.raised_events import raised_events
from sls_lab.replay.wires import Way, Wires
from sls_lab.template.model import Template

_PACKAGES: Final = ("boto3", "moto")
_INSTALL: Final = "pip install 'sls-lab[replay]'"


class ReplayUnavailable(SlsLabError):
    """What a replay needs is not installed."""


def why_unavailable() -> str:
    """Why no replay can be made here, in a few words; empty where one can."""
    if in_browser():
        return NO_PROCESSES
    if on_windows():
        return NO_LIMITS
    missing = any(importlib.util.find_spec(name) is None for name in _PACKAGES)
    return f"moto is not installed ({_INSTALL})" if missing else ""


def available() -> bool:
    """Whether a replay can be made here."""
    return not why_unavailable()


def check_available() -> None:
    """Raise ReplayUnavailable where moto is not installed, on Windows, and in a browser."""
    if why := why_unavailable():
        raise ReplayUnavailable(f"there is no replay: {why}")


@dataclass
class Pending:
    """An event that is to be delivered: the way it takes, the hop it comes from, and which try this is."""

    way: Way
    source: HopBuilder | None
    delivery: int | None
    attempt: int = 1


class Simulation:
    """One application, ready for requests; each finds empty stores and cold functions. To be closed after use.

    Nothing is run before the first request. Whoever uses this has decided that the application's code may be run.
    """

    def __init__(self, template: Template, child: Child | None = None) -> None:
        """A `child` that is given is used and left to its owner. Raises ReplayUnavailable where moto is missing."""
        check_available()
        self._given = template
        self._child = child if child is not None else Child()
        self._own_child = child is None
        self._deployment: Deployment | None = None
        self._spans = Spans(self.text_of)

    def close(self) -> None:
        """End the child process, where it is this simulation's own."""
        if self._own_child:
            self._child.close()

    def __enter__(self) -> Simulation:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def deployment(self) -> Deployment:
        """The template with every name made up, as handlers find it."""
        return self._deployment if self._deployment is not None else deploy(self._given)

    def replay(
        self, request: Request, *, watch: Mapping[str, Sequence[int]] | None = None, asking: bool = False
    ) -> Replay:
        """What happens on a request. What goes wrong with a handler is recorded in its hop, and the rest is kept.

        `watch` are lines by file: the variables that hold the request's marker after such a line are told in `seen`.
        With `asking`, hops have what handlers asked of the values that they were given, and the lines that ran.
        """
        replay = self._replayed(request, watch, asking)
        if self._child.loaded > 1 and any(hop.ending == "out-of-memory" for hop in replay.hops):
            self._child.close()  # what requests before have left in memory is not this one's
            replay = self._replayed(request, watch, asking)
        return replay

    def _replayed(self, request: Request, watch: Mapping[str, Sequence[int]] | None, asking: bool) -> Replay:
        self._hops: list[HopBuilder] = []
        self._notes: list[Note] = []
        self._queue: deque[Pending] = deque()
        self._stopped = False
        self._request = self._hops_before = 0
        missing = ""
        try:
            self._prepare()
            self._done({"do": "watch", "lines": dict(watch or {}), "texts": [request.marker], "asking": asking})
            self._child.allow(self._child.limits.seconds)
            following: Request | None = request
            while following is not None and not self._stopped:
                self._hops_before = len(self._hops)
                self._send(following)
                following = following.then
                self._request += 1
        except _Missing as error:
            missing = error.module
        except ChildEnded as ended:
            self._killed(ended)
        except KeyboardInterrupt:
            self._child.close()
            raise
        hops = tuple(_judged(hop.built(), request.marker) for hop in self._hops)
        return Replay(self._given.root.name, request, hops, tuple(self._notes), missing)

    def _prepare(self) -> None:
        """Deploy; once more in a new child where a handler of the request before has broken the old one."""
        try:
            self._deploy()
        except ChildEnded:
            self._notes.clear()
            self._deploy()

    def _deploy(self) -> None:
        self._child.load(self._given.root)
        self._child.allow(self._child.limits.seconds)
        deployment = deploy(self._given)
        told = {"do": "deploy", "region": deployment.region, "functions": functions(deployment)}
        answer = self._done({**told, "stores": stores(deployment)})
        with self._child.speaking():
            made = {str(label): str(value) for label, value in answer["made"].items()}
        for label, why in made.items():
            if label.startswith("!"):
                self._notes.append(Note("store-not-made", f"{label[1:]} could not be made: {why}"))
        made = {label: value for label, value in made.items() if not label.startswith("!")}
        self._made = made
        if made:
            deployment = deploy(self._given, made)
            self._done({"do": "functions", "functions": functions(deployment)})
        self._deployment = deployment
        self._runnable = functions(deployment)
        self.wires = Wires(deployment)
        self._answers = Answers(self)
        self._outcomes = Outcomes(self)

    def _send(self, request: Request) -> None:
        self._done({"do": "network", "status": request.network})
        for call in request.given:
            self._from_outside(call)
        self._work()
        if not request.at or self._stopped:
            return
        if request.at not in self._runnable:
            self._notes.append(Note("handler-not-run", self._why_not(request.at)))
            return
        hop = self.run(request.at, request.event, None)
        trigger = http_trigger(self.deployment.template.function(request.at))
        refused = refused_answer(trigger, hop.result) if trigger is not None and not hop.failed else ""
        if refused:
            message = f"what {hop.handler} returns is answered by status 502, since {refused}"
            hop.notes.append(
                Note("answer-refused", message, self.deployment.template.function(request.at).handler_span)
            )
        self._work()

    def _why_not(self, name: str) -> str:
        known = [function for function in self.deployment.template.functions if function.name == name]
        if not known:
            names = ", ".join(self._runnable) or "none"
            return f"there is no function {name}; those that can be run are {names}"
        return f"{name} is not run: it has no Python file that could be found"

    def _from_outside(self, call: Outside) -> None:
        arguments = {name: self._named(value) for name, value in call.arguments.items()}
        answer = self._done({"do": "own", "service": call.service, "api": call.api, "arguments": arguments})
        if answer["outcome"] == "failed":
            message = f"the call of {call.service}.{call.api} from outside fails: {answer['error']}"
            self._notes.append(Note("outside-call-failed", message))
            return
        for group in raised_events(call.service, call.api, call.arguments, answer):
            for way in self.wires.woken(group):
                if not way.why:
                    self._queue.append(Pending(way, None, None))

    def _named(self, value: Any) -> Any:
        """An argument; `${Members}` is the identifier that AWS made up for the resource of that name."""
        if isinstance(value, str) and value.startswith("${") and value.endswith("}"):
            return self._made.get(value[2:-1], value)
        return value

    def _work(self) -> None:
        """Deliver what waits, until nothing does or the bound of hops is reached."""
        while self._queue:
            pending = self._queue.popleft()
            self.deliver(pending)

    def deliver(self, pending: Pending) -> None:
        """Deliver one event, to a function or a state machine."""
        way, source = pending.way, pending.source
        if way.machine is not None:
            self._answers.execute(way.machine, way.event, source, pending.delivery)
            return
        if way.function is None or way.function not in self._runnable:
            return
        if not self.room(source, pending.delivery):
            return
        hop = self.run(way.function, way.event, source.number if source else None, pending.attempt)
        self.link(source, pending.delivery, hop.number)
        self._outcomes.settle(pending, hop)

    def room(self, source: HopBuilder | None, delivery: int | None) -> bool:
        """Whether another hop may be made; the first time that it may not, a diagnostic says so."""
        if len(self._hops) - self._hops_before < self._child.limits.hops:
            return True
        if source is not None and delivery is not None:
            source.deliveries[delivery] = replace(source.deliveries[delivery], arrival="bound")
        if not self._stopped:
            self._stopped = True
            names = ", ".join(dict.fromkeys(hop.handler for hop in self._hops[-6:]))
            message = f"the replay ends after {self._child.limits.hops} hops: the application goes round ({names})"
            self._notes.append(
                Note("too-many-hops", message, source.calls[-1].span if source and source.calls else None)
            )
        return False

    def link(self, source: HopBuilder | None, delivery: int | None, number: int) -> None:
        """Note at a delivery which hop it woke first."""
        if source is not None and delivery is not None and source.deliveries[delivery].hop is None:
            source.deliveries[delivery] = replace(source.deliveries[delivery], hop=number)

    def later(self, pending: Pending) -> None:
        """Deliver an event once what runs now has ended."""
        self._queue.append(pending)

    def runnable(self, name: str | None) -> bool:
        """Whether a function can be run."""
        return name in self._runnable

    def hop(self, number: int) -> HopBuilder:
        """The hop with a number."""
        return self._hops[number - 1]

    def run(self, name: str, event: Any, woken_by: int | None, attempt: int = 1) -> HopBuilder:
        """One run of one handler, with all that it does; what it wakes waits."""
        hop = HopBuilder(len(self._hops) + 1, name, event, woken_by, attempt, self._request)
        self._hops.append(hop)
        self._child.send({"do": "run", "function": name, "event": event, "seconds": self._child.left})
        while (message := self._child.receive()).get("is") != "done":
            with self._child.speaking():
                self._heard(hop, message)
        self._child.look_at_size()
        if message.get("ended") == "missing":
            hop.ending, hop.error = "missing", f"the module {message.get('error')} is not installed"
            raise _Missing(str(message.get("error")))
        with self._child.speaking():
            hop.ending, hop.result, hop.output = message["ended"], message.get("result"), message.get("output", "")
            hop.error, hop.error_type = message.get("error", ""), message.get("type", "Error")
            hop.span = self._spans.span(message.get("place"))
            hop.lines = frozenset((str(file), int(line)) for file, line in message.get("lines", ()))
        return hop

    def _heard(self, hop: HopBuilder, message: Mapping[str, Any]) -> None:
        span = self._spans.span(message.get("place"))
        match message["is"]:
            case "danger":
                danger = Danger(message["kind"], message["name"], message["value"], span, message.get("detail") or {})
                hop.dangers.append(danger)
            case "seen":
                hop.seen.append(SeenVariable(message["file"], message["line"], message["name"], message["value"]))
            case "fed":
                last = hop.dangers[-1]
                data = readable(message["data"])
                hop.dangers[-1] = replace(last, detail={**last.detail, "read": [*last.detail.get("read", ()), data]})
            case "asked":
                path = tuple(message["path"])
                told = ValueAsked(message["what"], message["root"], path, message["text"], message["wanted"])
                hop.asked.append(told)
            case "note":
                hop.notes.append(Note(message["code"], message["message"], span))
            case "call":
                self._child.send({"do": "answer", "answer": self._asked(hop, message)})
            case "called":
                self._called(hop, message)
                self._child.send({"do": "answer", "answer": {}})

    def _asked(self, hop: HopBuilder, message: Mapping[str, Any]) -> dict[str, Any]:
        """Before a call: whether the role allows it, and the answer where the kit gives it."""
        service, api, arguments = message["service"], message["api"], message["arguments"]
        call = Call(service, api, arguments, "done", self._spans.span(message.get("place")))
        hop.calls.append(call)
        function = self.deployment.template.function(hop.handler)
        refused = refusal(function, service, api, arguments, self.deployment.region)
        if refused is not None:
            hop.calls[-1] = replace(call, outcome="refused", error=f"{refused['Code']}: {refused['Message']}")
            return {"error": refused}
        answer = self._answers.answer(hop, len(hop.calls) - 1, service, api, arguments)
        return {} if answer is None else {"response": answer}

    def _called(self, hop: HopBuilder, message: Mapping[str, Any]) -> None:
        """After a call: its outcome, and whom it wakes."""
        index = next((i for i in range(len(hop.calls) - 1, -1, -1) if hop.calls[i].outcome == "done"), None)
        if index is None:
            return
        call = hop.calls[index] = replace(hop.calls[index], outcome=message["outcome"], error=message.get("error", ""))
        danger = danger_of(call, self.wires.heard_outside)
        if danger is not None:
            hop.dangers.append(danger)
        if message["outcome"] == "done":
            for group in raised_events(call.service, call.api, call.arguments, message):
                self.spread(hop, index, self.wires.woken(group), group[0].service, group[0].resource)

    def spread(self, hop: HopBuilder, call: int | None, ways: Any, service: str, resource: str) -> None:
        """Note where the events of a call go, and let them wait for delivery."""
        found = False
        for way in ways:
            found = True
            target = way.function
            if way.why:
                hop.deliveries.append(Delivery(way.service, way.resource, target, "filtered", call, way.why, way.via))
                continue
            if way.outside:
                why = f"a subscriber outside the application: {way.outside}"
                hop.deliveries.append(Delivery(way.service, way.resource, None, "outside", call, why, way.via))
                continue
            if way.machine is None and target not in self._runnable:
                why = self._why_not(target) if target else f"nothing here is called {way.resource}"
                hop.deliveries.append(Delivery(way.service, way.resource, target, "not-run", call, why, way.via))
                continue
            via = (*way.via, f"stepfunctions:{way.machine.name}") if way.machine is not None else way.via
            hop.deliveries.append(Delivery(way.service, way.resource, target, "delivered", call, "", via))
            self._queue.append(Pending(way, hop, len(hop.deliveries) - 1))
        if not found:
            hop.deliveries.append(Delivery(service, resource, None, "nobody", call, "nothing here listens to it"))

    def own(self, service: str, api: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """A call of AWS that a service makes (a dead-letter queue, a state machine's task)."""
        return self._done({"do": "own", "service": service, "api": api, "arguments": dict(arguments)})

    def _done(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self._child.send(message)
        answer = self._child.receive()
        with self._child.speaking():
            if answer["is"] != "done":
                raise ValueError(answer["is"])
        return answer

    def _killed(self, ended: ChildEnded) -> None:
        """The child is gone: the hop that ran says so; what waited is not delivered."""
        message = f"the process that runs the handlers was ended: {ended.why}"
        if self._hops and self._hops[-1].ending == "returned":
            self._hops[-1].ending, self._hops[-1].error = "killed", message
        self._notes.append(Note("replay-cut-short", f"{message}; what came after it is not replayed"))

    def text_of(self, file: str) -> str | None:
        """The source of one of the application's files; None where it cannot be read."""
        path = Path(self._given.root) / file
        try:
            return path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None


def _judged(hop: Hop, marker: str) -> Hop:
    """The hop with each dangerous call judged for the marker that was sent."""
    if not marker:
        return hop
    return replace(hop, dangers=tuple(judged(danger, marker) for danger in hop.dangers))


class _Missing(Exception):
    def __init__(self, module: str) -> None:
        super().__init__(module)
        self.module = module
