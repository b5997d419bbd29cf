"""The parts of a report, and what goes with them, as tables: one function for each question that notebooks ask."""

from __future__ import annotations

from typing import Final

from sls_lab.advice import CHECKS, RISKS
from sls_lab.advice.risks import INJECTION
from sls_lab.app import App
from sls_lab.report.handlers import handler_rows
from sls_lab.report.summary import outcome
from sls_lab.taint import Endpoint
from sls_lab.widgets.tables import Table, table

_LONGEST: Final = 90
_CODE: Final = 40


def show_sources(app: App) -> Table:
    """Whose events are sources, and what was analysed."""
    rows = [
        (
            row.name,
            row.entry,
            "yes" if row.name in app.flows.considered else "no",
            "yes" if row.analysed else "NO",
        )
        for row in handler_rows(app)
    ]
    heads = ("handler", "who can wake it", "a source?", "analysed?")
    return table("Whose events are sources, and what was analysed", heads, rows, outcome(app).sentence)


def show_unseen(app: App) -> Table:
    """The handlers that were not analysed, and why."""
    rows = [(name, reason.message) for name, reason in app.flows.unseen.items()]
    return table("Not analysed, and why", ("handler", "reason"), rows, outcome(app).sentence)


def show_flows(app: App) -> Table:
    """Each flow from where the data come in to where they do harm."""
    rows = [(one.rule.title, _at(one.source), _at(one.sink)) for one in app.flows.flows]
    return table(f"Flows of {app.name}", ("what", "source", "sink"), rows, outcome(app).sentence)


def show_remedies(app: App) -> Table:
    """What to do about each flow."""
    rows = [(one.rule.title, one.sink.span.place, one.rule.remedy) for one in app.flows.flows]
    return table(f"What to do about the flows of {app.name}", ("what", "sink", "what to do"), rows)


def show_diagnostics(app: App) -> Table:
    """What was not understood."""
    rows = [(one.level, one.code, _cut(one.message)) for one in app.diagnostics]
    return table(f"Diagnostics of {app.name}", ("level", "code", "what"), rows)


def show_before_and_after(app: App) -> Table:
    """How many flows are found in the files as they are written, and how many after the rewriting."""
    rows = [
        ("the files as they are written", len(app.raw_flows.flows)),
        ("the same, with the events written as calls", len(app.flows.flows)),
    ]
    return table(f"Flows of {app.name}", ("what the analyser reads", "flows"), rows)


def show_change(before: App, after: App) -> Table:
    """What a change has made of an application's flows and of the advice on it."""
    rows = [(words, len(one.flows.flows), len(one.advice)) for words, one in (("before", before), ("after", after))]
    return table("Before and after", ("", "flows", "advice"), rows)


def show_risks() -> Table:
    """The twelve risks by their published names, and what of each this kit shows."""
    shown = {number: [check.title for check in CHECKS if check.risk == number] for number in RISKS}
    shown[INJECTION].insert(0, "flows, by their trace")
    rows = [(f"SAS-{number}", name, "; ".join(shown[number]) or "nothing") for number, name in RISKS.items()]
    return table("The twelve risks", ("", "risk", "what the sources show of it"), rows)


def _at(end: Endpoint) -> str:
    """A place and the code there, which would otherwise leave no room for what it means."""
    return f"{end.span.place}  {_cut(end.text, _CODE)}"


def _cut(text: str, longest: int = _LONGEST) -> str:
    words = " ".join(text.split())
    return words if len(words) <= longest else f"{words[: longest - 2]} …"
