"""The analysis as a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from sls_lab.facts import Reason
from sls_lab.report.confirmations import edges_not_drawn, was_observed
from sls_lab.report.display import one_line
from sls_lab.report.edges import Line, edge_lines, waking_words
from sls_lab.report.excerpts import SourceLines
from sls_lab.report.flow_brief import write_brief, write_summary
from sls_lab.report.flow_text import write_flow
from sls_lab.report.handlers import HandlerRow, blindnesses, handler_rows, other_diagnostics
from sls_lab.report.page import Page
from sls_lab.report.results import Results
from sls_lab.report.summary import aside_words, count, enumerate_words, outcome, recording_words, silenced_words, titles

KINDS = {"serverless": "Serverless Framework", "sam": "AWS SAM", "cloudformation": "AWS CloudFormation"}
_ENTRY_STYLES = {"public": "bold red", "internal": "", "external": "yellow", "deployment": ""}
_LEVEL_STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}
OTHER_SOURCES = "data that outsiders chose, such as the keys of listed objects"
_LONGEST_NOTE = 140
OUTCOME_STYLES = {
    "flows": "bold red",
    "no-flow": "bold green",
    "no-flow-in-part": "bold yellow",
    "not-analysed": "bold yellow",
}


def as_text(analyses: Sequence[Results], *, columns: int = 100, colour: bool = False, explain: bool = False) -> str:
    """The report of each application, then, where there are several, one line for each.

    `columns` is the width to wrap to (40 at least); `explain` adds why each fact holds and what each rule means.
    """
    page = Page(columns, colour=colour)
    for number, results in enumerate(analyses):
        if number:
            page.blank()
        _write(page, results, explain)
    if len(analyses) > 1:
        page.heading("all applications")
        for title, results in zip(titles(analyses), analyses, strict=True):
            found = outcome(results)
            page.paragraph(
                Text.assemble((one_line(title), "bold"), ": ", (one_line(found.sentence), OUTCOME_STYLES[found.answer]))
            )
    return page.text()


def _write(page: Page, results: Results, explain: bool) -> None:
    rows = handler_rows(results)
    found = outcome(results)
    answer = Text(one_line(found.sentence), style=OUTCOME_STYLES[found.answer])
    _write_header(page, results)
    page.blank()
    page.paragraph(answer, 0, hanging=0)
    _write_flows(page, results, explain)
    _write_set_aside(page, results, explain)
    _write_silenced(page, results, explain)
    _write_not_analysed(page, rows)
    _write_handlers(page, results, rows, explain)
    _write_edges(page, results, explain)
    _write_sources(page, results)
    _write_remarks(page, results, rows, explain)
    # Once more where a terminal stops.
    page.blank()
    page.paragraph(answer, 0, hanging=0)


def _write_header(page: Page, results: Results) -> None:
    about = f"  {KINDS[results.template.kind]} application, {one_line(enumerate_words(results.template.files))}"
    page.paragraph(Text.assemble((one_line(results.name), "bold"), about), 0)
    if results.flows.analysed == "recorded":
        page.paragraph(Text(one_line(recording_words(results.flows)), style="yellow"), 0)


def _write_handlers(page: Page, results: Results, rows: Sequence[HandlerRow], explain: bool) -> None:
    page.heading("handlers")
    if not rows:
        page.paragraph(Text("none: the template declares no function"))
        return
    cells = []
    for row in rows:
        place = f"{row.file}:{row.line}" if row.file and row.line else row.file or "–"
        words = "\n".join(waking_words(results, row.name)) or "nothing declared"
        cells.append(
            (
                Text(one_line(row.name), style="bold"),
                Text(one_line(place)),
                Text(row.entry, style=_ENTRY_STYLES[row.entry]),
                Text(words),
                Text("yes") if row.analysed else Text("NO", style="bold red"),
            )
        )
    page.table(("name", "handler", "entry", "woken by", "analysed"), cells)
    if explain:
        page.blank()
        for row in rows:
            page.paragraph(Text(f"{one_line(row.name)} is {row.entry}"))
            _write_because(page, row.entry_because)


def _write_edges(page: Page, results: Results, explain: bool) -> None:
    holding, failing = edge_lines(results.events)
    page.heading("events between handlers")
    if not holding:
        page.paragraph(Text("no call raises an event that wakes a handler"))
    for line in holding:
        _write_edge(page, results, line, explain)
    for words in edges_not_drawn(results):
        page.paragraph(Text(f"a replay saw what is not drawn here: {one_line(words)}", style="bold red"), hanging=4)
    if failing:
        page.paragraph(Text("calls that wake no handler, and why:", style="dim"))
    for line in failing:
        _write_edge(page, results, line, explain)


def _write_edge(page: Page, results: Results, line: Line, explain: bool) -> None:
    linked, certain = line.edge.linked, line.edge.certain
    arrow = "╌╌╳" if not linked else "──▶" if certain else "╌╌▶"
    name = "bold" if linked else ""
    text = Text.assemble(
        (line.source, name),
        (f" {arrow} ", "cyan" if linked else "dim"),
        (line.target, name),
        f"  {line.call}",
        (f"  {line.place}" if line.place else "", "dim"),
        (f"  {line.verdict}" if line.verdict else "", "yellow" if linked else ""),
        (_seen_words(results, line), "dim"),
    )
    page.paragraph(text, hanging=4)
    if explain:
        _write_because(page, line.edge.because)


def _seen_words(results: Results, line: Line) -> str:
    """Whether a replay saw the edge, to follow other words."""
    observed = was_observed(results, line.edge) if line.edge.linked else None
    return "" if observed is None else "  observed" if observed else "  not observed"


def _write_because(page: Page, reasons: Iterable[Reason]) -> None:
    for reason in reasons:
        place = f"  {one_line(reason.span.place)}" if reason.span else ""
        page.paragraph(Text.assemble("· ", one_line(reason.text), (place, "dim")), 6)


def _write_flows(page: Page, results: Results, explain: bool) -> None:
    """With `explain` every step of each flow; else a line for each, where there are several, and then each in brief."""
    flows = results.flows.flows
    if not flows:
        return
    page.heading("flows")
    if explain:
        sources = SourceLines.of(results)
        for number, flow in enumerate(flows, 1):
            if number > 1:
                page.blank()
            write_flow(page, number, results, flow, sources, explain=explain)
        return
    if len(flows) > 1:
        for number, flow in enumerate(flows, 1):
            write_summary(page, number, results, flow)
    for number, flow in enumerate(flows, 1):
        if len(flows) > 1 or number > 1:
            page.blank()
        write_brief(page, number, results, flow)
    page.paragraph(Text("--explain shows every step", style="dim"), 5, hanging=0)


def _write_set_aside(page: Page, results: Results, explain: bool) -> None:
    """The flows that were judged harmless: the reasons on one line, with `explain` each flow."""
    aside = results.flows.set_aside
    if not aside:
        return
    page.heading("set aside")
    told = "" if explain else "; --explain shows each"
    page.paragraph(Text(f"{count(len(aside), 'flow')} set aside: {one_line(aside_words(aside))}{told}"))
    if not explain:
        return
    sources = SourceLines.of(results)
    for number, one in enumerate(aside, 1):
        page.blank()
        write_flow(page, number, results, one.flow, sources, explain=explain, aside=one.why)


def _write_silenced(page: Page, results: Results, explain: bool) -> None:
    """How many findings are silenced; with `explain` each of them, and why."""
    if not results.silenced:
        return
    page.heading("silenced")
    page.paragraph(Text(silenced_words(results.silenced) + ("" if explain else "; --explain shows each")))
    for one in results.silenced if explain else ():
        _write_remark(page, one.code, f"{one.message} ({one.why.by}: {one.why.reason})", one.span.place, "dim")


def _write_sources(page: Page, results: Results) -> None:
    report = results.flows
    page.heading("sources")
    considered = enumerate_words(report.considered, limit=len(report.considered))
    events = f"the events of {one_line(considered)}, and " if considered else "no event, but "
    page.paragraph(Text(f"considered: {events}{OTHER_SOURCES}"))
    if results.code.secrets:
        page.paragraph(Text(f"considered: {count(len(results.code.secrets), 'place')} where a secret is read"))
    if report.left_out:
        left_out = enumerate_words(report.left_out, limit=len(report.left_out))
        page.paragraph(Text(f"left out: {one_line(left_out)}; --sources adds them", style="yellow"))


def _write_remarks(page: Page, results: Results, rows: Sequence[HandlerRow], explain: bool) -> None:
    if results.advice:
        page.heading("advice")
        for item in results.advice:
            _write_remark(page, item.code, item.message, item.span.place if item.span else "", "cyan")
    others = other_diagnostics(results, rows)
    if others:
        page.heading("diagnostics")
        for diagnostic in others:
            place = diagnostic.span.place if diagnostic.span else ""
            message = diagnostic.message
            if diagnostic.level == "note" and not explain:
                message = _shortened(message)
            _write_remark(page, diagnostic.level, message, place, _LEVEL_STYLES[diagnostic.level])


def _write_remark(page: Page, label: str, message: str, place: str, style: str) -> None:
    where = f"  {one_line(place)}" if place else ""
    page.paragraph(Text.assemble((one_line(label), style), ": ", one_line(message), (where, "dim")))


def _shortened(message: str) -> str:
    """The beginning of a long note; `--explain` shows all of it."""
    if len(message) <= _LONGEST_NOTE:
        return message
    return message[:_LONGEST_NOTE].rpartition(" ")[0].rstrip(",;") + " … (--explain shows all)"


def _write_not_analysed(page: Page, rows: Sequence[HandlerRow]) -> None:
    unseen = [row for row in rows if row.unseen]
    if not unseen:
        return
    page.heading(f"not analysed: {len(unseen)} of {count(len(rows), 'handler')}", "bold red")
    for blindness in blindnesses(rows):
        names = one_line(enumerate_words(blindness.names, limit=len(blindness.names)))
        where = f"  {one_line(blindness.span.place)}" if blindness.span else ""
        message = one_line(blindness.message)
        page.paragraph(Text.assemble(("✗ ", "bold red"), (names, "bold"), ": ", message, (where, "dim")))
