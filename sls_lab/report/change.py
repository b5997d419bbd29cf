"""The answer in short, and what is different from the answer before."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from sls_lab.report.display import one_line
from sls_lab.report.flow_brief import write_summary
from sls_lab.report.page import Page
from sls_lab.report.repository import fingerprints
from sls_lab.report.results import Results
from sls_lab.report.summary import count, outcome
from sls_lab.report.text import OUTCOME_STYLES
from sls_lab.taint.model import Flow

#: The flows of an analysis, each by what stays the same when lines move.
Known = Mapping[str, Flow]


def known_flows(results: Results) -> Known:
    """The flows that an application has now, for a comparison with what it has later."""
    flows = results.flows.flows
    return dict(zip(fingerprints(flows), flows, strict=True))


def as_change(results: Results, before: Known | None, *, columns: int = 100, colour: bool = False) -> str:
    """The answer as one sentence, one line for each flow, and which of them came or went since `before`.

    `before` is None for the first answer. `columns` is the width to wrap to.
    """
    page = Page(columns, colour=colour)
    found = outcome(results)
    page.paragraph(Text(one_line(found.sentence), style=OUTCOME_STYLES[found.answer]), 0)
    now = known_flows(results)
    for number, (mark, flow) in enumerate(now.items(), 1):
        write_summary(page, number, results, flow)
        if before is not None and mark not in before:
            page.verbatim(Text("new", style="bold red"), 5)
    if before is None:
        return page.text()
    gone = [flow for mark, flow in before.items() if mark not in now]
    if gone and found.answer == "not-analysed":
        page.paragraph(Text(f"{count(len(gone), 'flow')} of the last analysis cannot be looked for now"), 0)
    elif gone:
        page.paragraph(Text(f"no longer found: {count(len(gone), 'flow')}", style="bold green"), 0)
        for number, flow in enumerate(gone, 1):
            write_summary(page, number, results, flow)
    elif now.keys() == before.keys():
        page.paragraph(Text("no flow came or went", style="dim"), 0)
    return page.text()
