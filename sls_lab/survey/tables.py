"""A survey as CSV, as a sentence, and as a page: flows by category, services, entries, and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from sls_lab.report.spreadsheet import csv_text
from sls_lab.report.summary import count
from sls_lab.report.web_page import bars, shown, web_page
from sls_lab.survey.journal import JournalRecord

COLUMNS: Final = (
    *("app", "answer", "complete", "kind", "functions", "edges", "flows", "crossing", "second_order", "set_aside"),
    *("over_privilege", "problem"),
)
_ANSWERS: Final = {
    "flows": "flows were found",
    "no-flow": "no flow",
    "no-flow-in-part": "no flow in the part that was analysed",
    "not-analysed": "not analysed",
    "no-application": "no application",
    "failed": "the analysis failed",
}


def as_csv(records: Iterable[JournalRecord]) -> str:
    """One line an application."""
    rows: list[list[object]] = [list(COLUMNS)]
    for record in records:
        flows = record["flows"]
        counts = {
            "flows": len(flows),
            "crossing": sum(flow["crosses"] for flow in flows),
            "second_order": sum(flow["second_order"] for flow in flows),
        }
        rows.append([counts.get(column, record.get(column)) for column in COLUMNS])
    return csv_text(rows)


def sentence(records: Sequence[JournalRecord]) -> str:
    """The survey in one sentence."""
    answers = Counter(record["answer"] for record in records)
    flows = sum(len(record["flows"]) for record in records)
    seen = sum(answers[one] for one in ("flows", "no-flow", "no-flow-in-part"))
    return (
        f"{count(len(records), 'application')}, {seen} of them analysed: {count(flows, 'flow')} in {answers['flows']}; "
        f"{answers['not-analysed'] + answers['failed']} not analysed, {answers['no-application']} without a template."
    )


def as_html(records: Sequence[JournalRecord]) -> str:
    """One self-contained page."""
    flows = [flow for record in records for flow in record["flows"]]
    sections = [
        bars("Answers", Counter(_answer(record) for record in records)),
        bars("Flows by category", Counter(flow["category"] for flow in flows)),
        bars("Flows by confidence", Counter(flow["confidence"] for flow in flows)),
        bars("Handlers by entry", _added(record["entries"] for record in records)),
        bars("Events between handlers by service", _added(record["services"] for record in records)),
        bars("Functions by language", _added(record["languages"] for record in records)),
        bars("What was not read", _added(record["unread"] for record in records)),
        bars("Advice", _added(record["advice"] for record in records)),
        _applications(records),
    ]
    body = f"<main><h1>Survey</h1><p>{escape(sentence(records))}</p>{''.join(sections)}</main>"
    return web_page("Survey", body)


def _applications(records: Sequence[JournalRecord]) -> str:
    heads = ("application", "answer", "flows", "functions", "events", "over-privilege", "problem")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = []
    for record in sorted(records, key=lambda record: (-len(record["flows"]), record["app"])):
        numbers = (len(record["flows"]), record["functions"], record["edges"], record["over_privilege"])
        cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
        answer = shown(_answer(record))
        rows.append(
            f'<tr><th scope="row">{shown(record["app"])}</th><td>{answer}</td>{cells}'
            f"<td>{shown(record['problem'] or '')}</td></tr>"
        )
    table = f'<table class="counted"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    return f"<section><h2>Applications</h2>{table}</section>"


def _answer(record: JournalRecord) -> str:
    answer: str = record["answer"]
    return _ANSWERS.get(answer, answer)


def _added(counters: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counters:
        total.update(one)
    return total
