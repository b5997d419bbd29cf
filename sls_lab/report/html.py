"""The analysis as one self-contained page: no script, no other file, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from sls_lab.facts import Diagnostic, Reason, Span
from sls_lab.report.confirmations import was_observed
from sls_lab.report.display import one_line, visible
from sls_lab.report.edges import Line, edge_lines, waking_words
from sls_lab.report.excerpts import SourceLines
from sls_lab.report.flow_html import flow_section
from sls_lab.report.graph import event_graph
from sls_lab.report.handlers import HandlerRow, blindnesses, handler_rows, other_diagnostics
from sls_lab.report.results import Results
from sls_lab.report.summary import aside_words, count, enumerate_words, outcome, recording_words, silenced_words, titles
from sls_lab.report.svg import STYLE, as_svg
from sls_lab.report.text import KINDS, OTHER_SOURCES
from sls_lab.report.walk import walk_html
from sls_lab.report.web_page import web_page


def as_html(analyses: Sequence[Results], *, version: str) -> str:
    """A page with a section for each application; `version` is that of this tool.

    All text of the application is escaped, and characters without a shape are written out.
    """
    title = ", ".join(one_line(results.name) for results in analyses) or "no application"
    body = "\n".join(line for number, results in enumerate(analyses, 1) for line in _application(number, results))
    contents = _contents(analyses) if len(analyses) > 1 else ""
    return web_page(
        f"{title} · sls-lab",
        f"{contents}<main>\n{body}\n</main>",
        style=STYLE,
        head=f'<meta name="generator" content="sls-lab {escape(version)}">\n',
    )


def _contents(analyses: Sequence[Results]) -> str:
    items = (
        f'<li><a href="#app-{number}">{_text(title)}</a>: {_text(outcome(results).sentence)}</li>'
        for number, (title, results) in enumerate(zip(titles(analyses), analyses, strict=True), 1)
    )
    return '<nav aria-label="Applications"><ul>\n' + "\n".join(items) + "\n</ul></nav>\n"


def _application(number: int, results: Results) -> Iterator[str]:
    rows = handler_rows(results)
    found = outcome(results)
    yield f'<article id="app-{number}" aria-labelledby="title-{number}">'
    yield f'<h1 id="title-{number}">{_text(results.name)}</h1>'
    templates = _text(enumerate_words(results.template.files))
    yield f"<p>{KINDS[results.template.kind]} application, {templates}</p>"
    if results.flows.analysed == "recorded":
        yield f'<p class="warning">{_text(recording_words(results.flows))}</p>'
    yield f'<p class="answer sls-answer-{found.answer}">{_text(found.sentence)}</p>'
    yield from _unseen(rows)
    yield from _flows(results)
    yield from _set_aside(results)
    yield from _silenced(results)
    yield from _handlers(results, rows)
    yield from _events(number, results)
    yield from _sources(results)
    yield from _remarks(results, rows)
    yield "</article>"


def _unseen(rows: Sequence[HandlerRow]) -> Iterator[str]:
    unseen = [row for row in rows if row.unseen]
    if unseen:
        yield '<section class="unseen">'
        yield f"<h2>Not analysed: {len(unseen)} of {count(len(rows), 'handler')}</h2><ul>"
        for blindness in blindnesses(rows):
            names = _text(enumerate_words(blindness.names, limit=len(blindness.names)))
            yield f"<li><strong>{names}</strong>: {_text(blindness.message)} {_place(blindness.span)}</li>"
        yield "</ul></section>"


def _flows(results: Results) -> Iterator[str]:
    if results.flows.flows:
        yield f"<section><h2>Flows{walk_html(5)}</h2>"
        sources = SourceLines.of(results)
        for number, flow in enumerate(results.flows.flows, 1):
            yield from flow_section(number, results, flow, sources)
        yield "</section>"


def _set_aside(results: Results) -> Iterator[str]:
    aside = results.flows.set_aside
    if aside:
        yield "<section><h2>Set aside</h2>"
        many = f'<span class="aside sls-meaning-set-aside">{count(len(aside), "flow")} set aside</span>'
        yield f"<p>{many}: {_text(aside_words(aside))}</p>"
        yield "<details><summary>each of them</summary>"
        sources = SourceLines.of(results)
        for number, one in enumerate(aside, 1):
            yield from flow_section(number, results, one.flow, sources, one.why)
        yield "</details></section>"


def _silenced(results: Results) -> Iterator[str]:
    if results.silenced:
        yield "<section><h2>Silenced</h2>"
        yield f"<p>{_text(silenced_words(results.silenced))}</p>"
        yield "<details><summary>each of them</summary><ul>"
        for one in results.silenced:
            why = f"{one.why.by}: {one.why.reason}"
            yield f"<li><strong>{_text(one.code)}</strong>: {_text(one.message)} ({_text(why)}) {_place(one.span)}</li>"
        yield "</ul></details></section>"


def _handlers(results: Results, rows: Sequence[HandlerRow]) -> Iterator[str]:
    yield f"<section><h2>Handlers{walk_html(1)}</h2>"
    heads = ("Name", "Handler", "Entry", "Woken by", "Analysed")
    caption = "Every function of the template, what can wake it, and whether it was analysed"
    yield from _table(caption, heads, (_handler(results, row) for row in rows))
    yield "</section>"


def _handler(results: Results, row: HandlerRow) -> tuple[str, ...]:
    place = f"{row.file}:{row.line}" if row.file and row.line else row.file or "–"
    triggers = "<br>".join(map(_text, waking_words(results, row.name))) or "nothing declared"
    entry = f'<span class="{row.entry}">{row.entry}</span>{_because(row.entry_because)}'
    analysed = "yes" if row.analysed else '<span class="no">no</span>'
    return _text(row.name), f"<code>{_text(place)}</code>", entry, triggers, analysed


def _events(number: int, results: Results) -> Iterator[str]:
    yield f"<section><h2>Events between handlers{walk_html(3)}</h2>"
    graph = event_graph(results)
    if graph.nodes:
        yield '<figure class="wide">'
        yield as_svg(graph, name=f"graph-{number}", styled=False).rstrip()
        yield "<figcaption>Solid lines hold for certain, dashed ones perhaps.</figcaption></figure>"
    holding, failing = edge_lines(results.events)
    heads = ("From", "To", "Call", "Place", "Status")
    if holding or failing:
        yield from _table(
            "Every call that may wake a handler, and why or why not",
            heads,
            [_edge(results, line) for line in holding + failing],
        )
    else:
        yield "<p>No call raises an event that wakes a handler.</p>"
    yield "</section>"


def _edge(results: Results, line: Line) -> tuple[str, ...]:
    edge = line.edge
    words = line.verdict if not edge.linked else "linked " + (line.verdict or "")
    observed = was_observed(results, edge) if edge.linked else None
    words += "" if observed is None else ", observed" if observed else ", not observed"
    status = f'<span class="{"" if edge.linked and edge.certain else "failing"}">{_text(words)}</span>'
    place = f"<code>{_text(line.place)}</code>" if line.place else ""
    return _text(line.source), _text(line.target), _text(line.call), place, status + _because(edge.because)


def _because(reasons: Sequence[Reason]) -> str:
    if not reasons:
        return ""
    items = "".join(f"<li>{_text(reason.text)} {_place(reason.span)}</li>" for reason in reasons)
    return f"<details><summary>why</summary><ol>{items}</ol></details>"


def _sources(results: Results) -> Iterator[str]:
    report = results.flows
    names = enumerate_words(report.considered, limit=len(report.considered))
    considered = (f"the events of {names}, and " if names else "no event, but ") + OTHER_SOURCES
    yield "<section><h2>Sources</h2><dl>"
    yield f"<dt>Considered</dt><dd>{_text(considered)}</dd>"
    if report.left_out:
        yield f'<dt>Left out</dt><dd class="warning">{_text("; ".join(report.left_out))}</dd>'
    yield "</dl></section>"


def _remarks(results: Results, rows: Sequence[HandlerRow]) -> Iterator[str]:
    if results.advice:
        yield "<section><h2>Advice</h2><ul>"
        for item in results.advice:
            yield f"<li><strong>{_text(item.code)}</strong>: {_text(item.message)} {_place(item.span)}</li>"
        yield "</ul></section>"
    others = other_diagnostics(results, rows)
    if others:
        yield "<section><h2>Diagnostics</h2><ul>"
        yield from map(_diagnostic, others)
        yield "</ul></section>"


def _diagnostic(diagnostic: Diagnostic) -> str:
    level = f'<strong class="{diagnostic.level}">{diagnostic.level}</strong>'
    return f"<li>{level}: {_text(diagnostic.message)} {_place(diagnostic.span)}</li>"


def _table(caption: str, heads: Iterable[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table of cells that are HTML already; the first of each row names it."""
    yield f'<div class="wide"><table><caption>{escape(caption)}</caption>'
    yield "<thead><tr>" + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads) + "</tr></thead><tbody>"
    for first, *rest in rows:
        yield f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
    yield "</tbody></table></div>"


def _place(span: Span | None) -> str:
    return f'<code class="faint">{_text(span.place)}</code>' if span else ""


def _text(text: str) -> str:
    return escape(visible(text, keep="\n"))
