"""The taint stepper: follow outsiders' data from its source to its sink, one step at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sls_lab.app import App
from sls_lab.facts import Reason
from sls_lab.report.summary import count, recording_words
from sls_lab.taint import Flow, TaintReport
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, LabWidget
from sls_lab.widgets.comparison import Pair, compare, raw_words, remark
from sls_lab.widgets.progress import NotebookProgress, show_analysis
from sls_lab.widgets.seen_steps import SeenSteps
from sls_lab.widgets.session import Focus, session_of
from sls_lab.widgets.sources import ShownText, SourceMark, source_view
from sls_lab.widgets.trace import (
    ANSWER_WORDS,
    Evidence,
    Stop,
    evidence_of,
    evidence_of_pysa,
    flow_graph,
    gone,
    highlighted,
    route,
    sentence,
    shortened,
    woken_at,
)

_HANDLER_TITLES = ("Handler", "Can be woken by", "Its event is a source", "Analysed")


class TaintStepper(LabWidget, source="taint.js", step=5):
    """The flows of `app`, step by step, beginning with number `flow` (from 0).

    Where `app` was not analysed yet, that is done first, and the notebook shows how far it is.
    """

    #: Whether there is an application, to draw its events and to compare it with the files as they are written.
    has_app = True

    def __init__(self, app: App, flow: int = 0) -> None:
        self.flow = flow
        self.at = 0
        self.tab = "steps"
        self.evidence: Evidence | None = None
        self.gone = ""
        self.comparison: dict[str, Any] | None = None
        if self.has_app and "flows" not in vars(app):
            show_analysis(app, NotebookProgress())
        self.seen = SeenSteps(session_of(app))
        super().__init__(self.seen.session)

    @staticmethod
    def from_pysa(output: Path | str, folder: Path | str) -> TaintStepper:
        """The flows in the `taint-output.json` (or its folder) of an existing run; `folder` is where Pysa was run.

        Where they cannot be shown, the widget says why.
        """
        return _PysaStepper(Path(output), Path(folder))

    def gather(self) -> Evidence:
        """What there is to show."""
        return evidence_of(self.session.app)

    def draw(self, flow: Flow) -> dict[str, Any] | None:
        """The event graph beside a flow."""
        return flow_graph(self.session.app, flow)

    def read(self) -> None:
        """The flows, at the end those that were set aside; what was shown stays where it is still there."""
        fresh = self.gather()
        self.gone = gone(self.evidence, fresh) if self.evidence else ""
        self.evidence = fresh
        self.seen.forget()
        self.aside = [None for _ in fresh.report.flows] + [one.why for one in fresh.report.set_aside]
        self.flows = (*fresh.report.flows, *(one.flow for one in fresh.report.set_aside))
        self.flow = max(0, min(self.flow, len(self.flows) - 1))
        self.graphs = [self.draw(flow) for flow in self.flows]
        self.at = max(0, min(self.at, len(self.current.steps) - 1)) if self.current else 0
        self.comparison = self._compare() if self.tab == "compare" else None

    @property
    def current(self) -> Flow | None:
        """The flow that is shown."""
        return self.flows[self.flow] if self.flows else None

    @property
    def known(self) -> Evidence:
        """What was read last."""
        assert self.evidence is not None
        return self.evidence

    def make_view(self) -> dict[str, Any]:
        """What the run came to, and every flow in words."""
        known = self.known
        return {
            "answer": known.answer,
            "words": ANSWER_WORDS[known.answer],
            "sentence": ShownText(known.sentence).shown,
            "run": ShownText(known.run).shown,
            "gone": ShownText(self.gone).shown,
            "comparable": self.has_app,
            "seeable": self.has_app and self.seen.possible,
            "flows": [_flow_words(flow, why) for flow, why in zip(self.flows, self.aside, strict=True)],
            "titles": list(_HANDLER_TITLES),
            "handlers": self._handler_rows(),
        }

    def make_parts(self) -> dict[str, Any]:
        """The file of the current step, the event graph beside the flow, and what is found without the rewriting."""
        flow = self.current
        if flow is None:
            return {"source": None, "graph": None, "comparison": self.comparison}
        graph = self.graphs[self.flow]
        file = flow.steps[self.at].span.file
        return {
            "source": source_view(file, self.known.texts.get(file, ""), self._marks(flow, self._in_file(flow))),
            "graph": {"dot": graph["dot"], "titles": graph["titles"]} if graph else None,
            "comparison": self.comparison,
        }

    def make_state(self) -> dict[str, Any]:
        """The current step, and where it is in its file and in the event graph."""
        state: dict[str, Any] = {"flow": self.flow, "at": self.at, "tab": self.tab}
        flow = self.current
        if flow is None:
            return state
        graph = self.graphs[self.flow]
        return state | {
            "chosen": f"step-{self.at}",
            "earlier": [f"step-{number}" for number in self._in_file(flow) if number < self.at],
            "value": self.seen.value(self.flow, self.at),
            "seen": self.seen.sentence(self.flow),
            "parts": highlighted(graph, flow, self.at) if graph else [],
        }

    def _in_file(self, flow: Flow) -> list[int]:
        """The numbers of the steps in the file of the current one."""
        file = flow.steps[self.at].span.file
        return [number for number, step in enumerate(flow.steps) if step.span.file == file]

    def actions(self) -> Mapping[str, Action]:
        """Step, change the flow, jump, compare."""
        return {
            "go": self.go,
            "flow": self.pick_flow,
            "part": self.pick_part,
            "tab": self.pick_tab,
            "end": self.show_end,
            "values": self.show_values,
        }

    def go(self, to: int) -> None:
        """Show step `to` (from 0) of the current flow."""
        flow = self.current
        if flow is None or not 0 <= to < len(flow.steps):
            return
        self.at = to
        step = flow.steps[to]
        self.choose(Focus(step.span, step.handler))

    def pick_flow(self, number: int) -> None:
        """Show another flow, from its source."""
        if 0 <= number < len(self.flows):
            self.flow = number
            self.go(0)

    def pick_part(self, part: str) -> None:
        """Go to the first step at a handler of the small graph."""
        graph = self.graphs[self.flow] if self.flows else None
        handler = graph["nodes"].get(part, {}).get("handler") if graph else None
        stop = self._stop(handler)
        if stop is not None:
            self.go(stop.step)

    def pick_tab(self, to: str) -> None:
        """Show the steps, or what is found without the rewriting."""
        self.tab = "compare" if to == "compare" and self.has_app else "steps"
        if self.tab == "compare" and self.comparison is None:
            if "raw_flows" not in vars(self.session.app):
                self.progress("Tracing the files as they are written, without the rewriting")
            self.comparison = self._compare()
            self.status = ""

    def show_end(self, flow: int, step: int) -> None:
        """Show the step at which a flow is lost without the rewriting."""
        self.tab = "steps"
        if 0 <= flow < len(self.flows):
            self.flow = flow
            self.go(step)

    def show_values(self) -> None:
        """Replay attacks on the current flow, and show beside each step the value that one had there."""
        if self.current is not None and self.has_app and self.seen.possible:
            self.progress("Replaying attacks on this flow")
            self.seen.look(self.flow, self.current)
            self.status = ""

    def follow(self, focus: Focus) -> None:
        """Go to the step at the place that another widget shows, else to the first step in its handler."""
        to = self._step_for(focus)
        if to is not None and to != self.at:
            self.at = to
            self.show_state()

    def as_html(self) -> str:
        """The answer, and each flow as a table of its steps with the marked files."""
        known = self.known
        parts = [fallback.paragraph(f"{ANSWER_WORDS[known.answer]}. {known.sentence}")]
        parts += [fallback.paragraph(text) for text in (known.run, self.gone) if text]
        for number, flow in enumerate(self.flows, 1):
            words = _flow_words(flow, self.aside[number - 1])
            steps = [
                (str(at), step["role"], step["handler"], step["place"], step["text"], step["words"])
                for at, step in enumerate(words["steps"], 1)
            ]
            files = dict.fromkeys(step.span.file for step in flow.steps)
            parts += [
                fallback.paragraph(f"{number}. {words['title']} ({', '.join(words['facts'])}): {_way(flow)}"),
                fallback.table(("Step", "Role", "Handler", "Place", "Code", "What happens"), steps),
                fallback.paragraph(f"Set aside: {words['aside']}") if words["aside"] else "",
                fallback.paragraph(f"Remedy: {words['remedy']}") if words["remedy"] else "",
                fallback.folded("The code", *(self._static_source(flow, file) for file in files)),
            ]
        if known.handlers:
            parts.append(fallback.folded("What was looked at", fallback.table(_HANDLER_TITLES, self._handler_rows())))
        return fallback.page("Taint trace, step by step", *parts, step=self.walk_step)

    def as_text(self) -> str:
        """The answer, and each flow with its steps."""
        known = self.known
        lines = [f"{ANSWER_WORDS[known.answer]}. {known.sentence}", *filter(None, (known.run, self.gone))]
        for number, flow in enumerate(self.flows, 1):
            words = _flow_words(flow, self.aside[number - 1])
            lines += ["", f"{number}. {words['title']} ({', '.join(words['facts'])}): {_way(flow)}"]
            for at, step in enumerate(words["steps"], 1):
                lines += [f"  {at:>2} {step['role']:<11} {step['place']}  {step['text']}", f"     {step['words']}"]
                value = self.seen.value(number - 1, at - 1)
                lines += [f"     seen here: {value}"] if value else []
            if words["aside"]:
                lines.append(f"   Set aside: {words['aside']}")
            if words["remedy"]:
                lines.append(f"   Remedy: {words['remedy']}")
        unseen = (row for row in known.handlers if row.unseen)
        lines += [f"Not analysed: {row.name}: {row.unseen} ({row.place})" for row in unseen]
        return "\n".join(ShownText(line).shown for line in lines)

    def _marks(self, flow: Flow, numbers: list[int]) -> list[SourceMark]:
        return [
            SourceMark(
                f"step-{number}", f"step-{flow.steps[number].role}", flow.steps[number].span, self._title(flow, number)
            )
            for number in numbers
        ]

    def _static_source(self, flow: Flow, file: str) -> str:
        marks = [
            SourceMark("", f"step-{step.role}", step.span, self._title(flow, number))
            for number, step in enumerate(flow.steps)
            if step.span.file == file
        ]
        return fallback.source(file, self.known.texts.get(file, ""), marks)

    def _title(self, flow: Flow, number: int) -> str:
        why = next((why for one, why in zip(self.flows, self.aside, strict=True) if one is flow), None)
        return f"step {number + 1}, {flow.steps[number].role}: {sentence(flow, number, why)}"

    def _handler_rows(self) -> list[list[str]]:
        rows = (
            (row.name, row.waking, row.source, f"NO: {row.unseen} ({row.place})" if row.unseen else "yes")
            for row in self.known.handlers
        )
        return [[ShownText(cell).shown for cell in row] for row in rows]

    def _stop(self, handler: str | None) -> Stop | None:
        stops = route(self.current) if self.current and handler else ()
        return next((stop for stop in stops if stop.handler == handler), None)

    def _step_for(self, focus: Focus) -> int | None:
        flow = self.current
        if flow is None:
            return None
        if focus.span is not None:
            fitting = [number for number, step in enumerate(flow.steps) if step.span.contains(focus.span)]
            if self.at in fitting:
                return self.at
            if fitting:
                return min(fitting, key=lambda number: len(flow.steps[number].text))
        if focus.handler == flow.steps[self.at].handler:
            return self.at
        stop = self._stop(focus.handler)
        return stop.step if stop else None

    def _compare(self) -> dict[str, Any]:
        app = self.session.app
        full, raw = app.flows, app.raw_flows
        return {
            "without": _side(raw),
            "with": _side(full),
            "pairs": [_pair_words(number, pair, raw) for number, pair in enumerate(compare(full, raw, app.events))],
        }


class _PysaStepper(TaintStepper):
    """The same for results that the kit did not make: there are steps, and no application around them."""

    has_app = False

    def __init__(self, output: Path, folder: Path) -> None:
        self.output = output
        # The session needs an application to belong to; nothing of this one is ever read.
        super().__init__(App(folder))

    def gather(self) -> Evidence:
        return evidence_of_pysa(self.output, self.session.app.path)

    def draw(self, flow: Flow) -> dict[str, Any] | None:
        return None


def _flow_words(flow: Flow, aside: Reason | None) -> dict[str, Any]:
    rule = flow.rule
    number = rule.cwe.removeprefix("CWE-")
    facts = [f"severity {rule.severity}", rule.category]
    if flow.doubts:
        doubts = "; ".join(f"{doubt.text} ({doubt.span.place})" if doubt.span else doubt.text for doubt in flow.doubts)
        facts.append(f"confidence {flow.confidence}, taken for granted: {ShownText(doubts).shown}")
    if flow.second_order:
        facts.append("second order: the data comes back through a store")
    if flow.alternatives:
        facts.append(f"{count(flow.alternatives, 'other path')} between the same two places")
    return {
        "title": ShownText(rule.title).shown,
        "severity": rule.severity,
        "facts": facts,
        "cwe": rule.cwe,
        "link": f"https://cwe.mitre.org/data/definitions/{number}.html" if number.isdigit() else None,
        "remedy": "" if aside else rule.remedy,
        "aside": ShownText(aside.text + (f" ({aside.span.place})" if aside.span else "")).shown if aside else "",
        "source": ShownText(flow.source.handler).shown,
        "sink": ShownText(flow.sink.handler).shown,
        "route": [{"handler": ShownText(stop.handler).shown, "step": stop.step} for stop in route(flow)],
        "steps": [
            {
                "role": step.role,
                "handler": ShownText(step.handler).shown,
                "place": ShownText(step.span.place).shown,
                "text": ShownText(shortened(step.text)).shown,
                "words": ShownText(sentence(flow, at, aside)).shown,
                "woken": ShownText(woken_at(flow.steps, at) or "").shown,
            }
            for at, step in enumerate(flow.steps)
        ],
    }


def _way(flow: Flow) -> str:
    return " → ".join(stop.handler for stop in route(flow))


def _side(report: TaintReport) -> dict[str, Any]:
    """One run in the comparison."""
    return {
        "count": None if report.analysed == "not-run" else len(report.flows),
        "words": remark(report),
        "run": recording_words(report) if report.analysed == "recorded" else "",
        "flows": [
            f"{ShownText(flow.rule.title).shown}: {ShownText(_way(flow)).shown} "
            f"({ShownText(flow.sink.span.place).shown})"
            for flow in report.flows
        ],
    }


def _pair_words(number: int, pair: Pair, raw: TaintReport) -> dict[str, Any]:
    stops = route(pair.flow)
    through = f"{count(len(pair.flow.steps), 'step')} through {count(len(stops), 'handler')}: {_way(pair.flow)}"
    return {
        "flow": number,
        "title": ShownText(pair.flow.rule.title).shown,
        "found": pair.found,
        "without": ShownText(raw_words(pair, raw)).shown,
        "with": ShownText(f"Found: {through}.").shown,
        "end": None if pair.end is None else pair.flow.steps.index(pair.end),
        "call": None if pair.end is None else ShownText(pair.end.text).shown,
    }
