"""One flow as a terminal shows it: numbered steps, each with its source line and carets below the marked part."""

from __future__ import annotations

from rich.text import Text

from sls_lab.facts import Reason
from sls_lab.report.confirmations import WORDS, confirmation_of
from sls_lab.report.display import one_line
from sls_lab.report.excerpts import SourceLines
from sls_lab.report.handlers import source_entry
from sls_lab.report.page import Page
from sls_lab.report.results import Results
from sls_lab.report.summary import count
from sls_lab.taint.model import Flow, Rule, Step
from sls_lab.taint.secret_rules import SECRETS

SEVERITY_STYLES = {"high": "bold red", "medium": "bold yellow", "low": "bold cyan"}
ROLE_STYLES = {
    "source": "bold green",
    "sink": "bold red",
    "event": "bold cyan",
    "store": "bold cyan",
    "load": "bold cyan",
}
_CONFIRMED_STYLES = {"confirmed": "bold red", "not-confirmed": "bold green", "not-tried": "yellow"}
_SMALLEST_EXCERPT = 20


def write_flow(
    page: Page,
    number: int,
    results: Results,
    flow: Flow,
    sources: SourceLines,
    *,
    explain: bool,
    aside: Reason | None = None,
) -> None:
    """Add `flow` to `page`, from what the outsider sends to where it arrives; `aside` is why it is harmless."""
    rule = flow.rule
    write_title(page, number, flow)
    page.paragraph(Text(path_words(results, flow)), 5, hanging=0)
    page.blank()
    gutter = len(str(max(step.span.line for step in flow.steps))) if flow.steps else 1
    for position, step in enumerate(flow.steps, 1):
        _write_step(page, position, step, sources, gutter)
    if flow.alternatives:
        also = count(flow.alternatives, "other path")
        page.paragraph(Text(f"{also} from the same source to the same place", style="dim"), 5, hanging=0)
    write_verdicts(page, results, flow)
    if aside is not None:
        _write_reason(page, "set aside", "bold green", aside)
        return
    page.paragraph(Text.assemble(("remedy: ", "bold green"), one_line(rule.remedy)), 5, hanging=2)
    if explain:
        page.paragraph(Text(_rule_words(rule, flow), style="dim"), 5, hanging=2)


def write_title(page: Page, number: int, flow: Flow) -> None:
    """One line: what the flow is and how bad."""
    rule = flow.rule
    page.paragraph(
        Text.assemble(
            (f"{number}. ", "bold"),
            (one_line(rule.title), "bold"),
            "  ",
            (rule.severity, SEVERITY_STYLES[rule.severity]),
            f"  {one_line(rule.category)}, {one_line(rule.cwe)}",
            (confidence_words(flow), "yellow"),
        ),
        hanging=3,
    )


def write_verdicts(page: Page, results: Results, flow: Flow) -> None:
    """What is not certain about the flow, and what a replay came to."""
    for doubt in flow.doubts:
        _write_reason(page, "taken for granted", "yellow", doubt)
    replayed = confirmation_of(results, flow)
    if replayed is not None:
        _write_reason(page, WORDS[replayed.status], _CONFIRMED_STYLES[replayed.status], Reason(replayed.why))


def confidence_words(flow: Flow) -> str:
    """How sure a flow is, to follow other words; empty where nothing speaks against it."""
    return "" if flow.confidence == "high" else f", confidence {flow.confidence}"


def _write_reason(page: Page, label: str, style: str, reason: Reason) -> None:
    place = f"  {one_line(reason.span.place)}" if reason.span else ""
    page.paragraph(Text.assemble((f"{label}: ", style), one_line(reason.text), (place, "dim")), 5, hanging=2)


def path_words(results: Results, flow: Flow) -> str:
    """From whom the data comes, through which handlers, to which place."""
    handlers: list[str] = []
    for step in flow.steps:
        if not handlers or handlers[-1] != step.handler:
            handlers.append(step.handler)
    route = " → ".join(map(one_line, handlers or [flow.source.handler, flow.sink.handler]))
    second = "; comes back through a store (second order)" if flow.second_order else ""
    source = SECRETS.get(flow.source.kind) or f"{source_entry(results, flow)} source"
    return f"{source}, through {route}, to {one_line(flow.sink.span.place)}{second}"


def _write_step(page: Page, number: int, step: Step, sources: SourceLines, gutter: int) -> None:
    label = Text.assemble(
        f"{number:>3} ",
        (f"{step.role:<11}", ROLE_STYLES.get(step.role, "bold")),
        " ",
        one_line(step.span.place),
        (f"  in {one_line(step.handler)}", "dim"),
    )
    page.paragraph(label, 3, hanging=16)
    indent = 7
    room = max(page.columns - indent - gutter - 3, _SMALLEST_EXCERPT)
    excerpts = sources.excerpts(step.span, room)
    style = ROLE_STYLES.get(step.role, "bold")
    for number, excerpt in enumerate(excerpts):
        # Carets mark where the span begins; a bar marks the lines that wholly belong to it.
        goes_on = number > 0 and excerpt.whole
        bar = ("┃", style) if goes_on else ("│", "dim")
        line = Text.assemble((f"{excerpt.line:>{gutter}} ", "dim"), bar, " ", excerpt.text)
        line.stylize(style, gutter + 3 + excerpt.start, gutter + 3 + excerpt.end)
        page.verbatim(line, indent)
        if excerpt.carets and not goes_on:
            page.verbatim(Text.assemble((f"{'':>{gutter}} │ ", "dim"), (excerpt.carets, style)), indent)
    if excerpts and excerpts[-1].line < step.span.end_line:
        page.verbatim(Text.assemble(f"{'':>{gutter}} ", ("┃", style), " …"), indent)
    if not excerpts:
        page.paragraph(Text(one_line(step.text)), indent, hanging=2)
    if step.note:
        page.paragraph(Text(one_line(step.note)), indent + gutter + 3, hanging=0)


def _rule_words(rule: Rule, flow: Flow) -> str:
    number = rule.cwe.removeprefix("CWE-")
    about = f"; see https://cwe.mitre.org/data/definitions/{number}.html" if number.isdigit() else ""
    return (
        f"rule {rule.code} {one_line(rule.name)}: taint of the kind {one_line(flow.source.kind)} "
        f"must not reach {one_line(flow.sink.kind)}{about}"
    )
