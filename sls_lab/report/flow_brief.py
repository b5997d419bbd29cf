"""One flow in ten lines or fewer: where the data comes in, where it changes hands, and where it arrives."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from sls_lab.report.display import one_line
from sls_lab.report.flow_text import ROLE_STYLES, SEVERITY_STYLES, path_words, write_title, write_verdicts
from sls_lab.report.page import Page
from sls_lab.report.results import Results
from sls_lab.taint.model import Flow, Step

_CHANGING_HANDS = frozenset({"event", "store", "load"})
_MOST = 5  #: steps that are shown; of more, the first and the last
_INDENT = 5


def write_summary(page: Page, number: int, results: Results, flow: Flow) -> None:
    """One line: how bad it is, what it is, and where it leads."""
    first, last = flow.source, flow.sink
    way = (
        one_line(first.handler)
        if first.handler == last.handler
        else f"{one_line(first.handler)} → {one_line(last.handler)}"
    )
    line = Text.assemble(
        (f"{number}. ", "bold"),
        (f"{flow.rule.severity:<6} ", SEVERITY_STYLES[flow.rule.severity]),
        f"{one_line(last.span.place)}  {one_line(flow.rule.title)}  ",
        (way, "dim"),
    )
    line.truncate(page.columns - 2, overflow="ellipsis")
    page.verbatim(line)


def write_brief(page: Page, number: int, results: Results, flow: Flow) -> None:
    """Title, the way from handler to handler, the steps at which the data changes hands, and what to do."""
    write_title(page, number, flow)
    page.paragraph(Text(path_words(results, flow), style="dim"), _INDENT, hanging=0)
    steps = _shown(flow.steps)
    width = max((len(step.span.place) for step in steps if step is not None), default=0)
    for step in steps:
        if step is None:
            page.paragraph(Text("…", style="dim"), _INDENT + 2)
        else:
            page.verbatim(_step(page, step, width), _INDENT + 2)
    write_verdicts(page, results, flow)
    page.paragraph(Text.assemble(("remedy: ", "bold green"), one_line(flow.rule.remedy)), _INDENT, hanging=2)


def _shown(steps: Sequence[Step]) -> list[Step | None]:
    """The steps at which the data changes hands, None for those that are left out."""
    ends = {0, len(steps) - 1}
    chosen: list[Step | None] = [
        step for number, step in enumerate(steps) if number in ends or step.role in _CHANGING_HANDS
    ]
    if len(chosen) > _MOST:
        chosen = [*chosen[: _MOST - 2], None, chosen[-1]]
    return chosen


def _step(page: Page, step: Step, width: int) -> Text:
    line = Text.assemble(
        (f"{step.role:<7}", ROLE_STYLES.get(step.role, "bold")), f" {one_line(step.span.place):<{width}}  "
    )
    room = page.columns - _INDENT - 2 - line.cell_len
    code = Text(one_line(step.text))
    code.truncate(max(room, 20), overflow="ellipsis")
    return line + code
