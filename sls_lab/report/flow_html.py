"""One flow as a section of a page: an ordered list of steps with the marked source lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from sls_lab.facts import Reason
from sls_lab.report.code_html import LineColours, coloured_html
from sls_lab.report.confirmations import WORDS, confirmation_of
from sls_lab.report.display import one_line
from sls_lab.report.excerpts import Excerpt, SourceLines
from sls_lab.report.flow_text import confidence_words
from sls_lab.report.handlers import source_entry
from sls_lab.report.results import Results
from sls_lab.report.summary import count
from sls_lab.report.syntax import Stretch
from sls_lab.taint.model import Flow, Step, StepRole


def flow_section(
    number: int, results: Results, flow: Flow, sources: SourceLines, aside: Reason | None = None
) -> Iterator[str]:
    """The lines of HTML for `flow`; `aside` is why it is harmless."""
    rule = flow.rule
    definition = rule.cwe.removeprefix("CWE-")
    cwe, sure = _text(rule.cwe), confidence_words(flow)
    if definition.isdigit():
        cwe = f'<a href="https://cwe.mitre.org/data/definitions/{definition}.html" rel="noreferrer">{cwe}</a>'
    second = ", second order: it comes back through a store" if flow.second_order else ""
    yield f"<h3>{number}. {_text(rule.title)}</h3>"
    yield (
        f'<p><span class="{rule.severity}">{rule.severity}</span> · {_text(rule.category)} · {cwe}{sure} · '
        f"from the {source_entry(results, flow)} handler <strong>{_text(flow.source.handler)}</strong> to "
        f"<strong>{_text(flow.sink.handler)}</strong>{second}</p>"
    )
    yield '<ol class="steps">'
    colours = LineColours(sources)
    for step in flow.steps:
        yield from _step(step, sources, colours)
    yield "</ol>"
    if flow.alternatives:
        also = count(flow.alternatives, "other path")
        yield f'<p class="faint">{also} from the same source to the same place</p>'
    for doubt in flow.doubts:
        yield f"<p>Taken for granted: {_reason(doubt)}</p>"
    replayed = confirmation_of(results, flow)
    if replayed is not None:
        words = WORDS[replayed.status].capitalize()
        yield f'<p class="replayed {replayed.status}"><strong>{words}:</strong> {_text(replayed.why)}</p>'
    if aside is not None:
        yield f'<p><strong class="sls-meaning-set-aside">Set aside:</strong> {_reason(aside)}</p>'
    else:
        yield f"<p><strong>Remedy:</strong> {_text(rule.remedy)}</p>"


def _reason(reason: Reason) -> str:
    place = f" <code>{_text(reason.span.place)}</code>" if reason.span else ""
    return _text(reason.text) + place


def _step(step: Step, sources: SourceLines, colours: LineColours) -> Iterator[str]:
    place = f"<code>{_text(step.span.place)}</code>"
    yield f'<li><p><span class="role sls-role-{step.role}">{step.role}</span> in {_text(step.handler)} {place}</p>'
    excerpts = sources.excerpts(step.span)
    file = step.span.file
    lines = "\n".join(_line(excerpt, colours.of(file, excerpt), step.role) for excerpt in excerpts) or _text(step.text)
    # Readers who cannot see colours find the marked part as well, since `mark` has a meaning of its own.
    yield f'<pre tabindex="0"><code>{lines}</code></pre>'
    if step.note:
        yield f"<p>{_with_code(step.note)}</p>"
    yield "</li>"


def _line(excerpt: Excerpt, colours: Sequence[Stretch], role: StepRole) -> str:
    text, start, end = excerpt.text, excerpt.start, excerpt.end
    before, marked, after = (
        coloured_html(text, first, last, colours) for first, last in ((0, start), (start, end), (end, len(text)))
    )
    middle = f'<mark class="sls-mark-step-{role}">{marked}</mark>' if marked else ""
    return f'<span class="number">{excerpt.line:>4} </span>{before}{middle}{after}'


def _with_code(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", _text(text))


def _text(text: str) -> str:
    return escape(one_line(text))
