"""A survey as CSV, as a sentence, and as a page: flows by category, services, entries, and what was not read."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from io import StringIO
from typing import Final

from sls_lab.report.display import visible
from sls_lab.report.summary import count
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
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        flows = record["flows"]
        counts = {
            "flows": len(flows),
            "crossing": sum(flow["crosses"] for flow in flows),
            "second_order": sum(flow["second_order"] for flow in flows),
        }
        writer.writerow([_cell(counts.get(column, record.get(column))) for column in COLUMNS])
    return out.getvalue()


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
        _bars("Answers", Counter(_answer(record) for record in records)),
        _bars("Flows by category", Counter(flow["category"] for flow in flows)),
        _bars("Flows by confidence", Counter(flow["confidence"] for flow in flows)),
        _bars("Handlers by entry", _added(record["entries"] for record in records)),
        _bars("Events between handlers by service", _added(record["services"] for record in records)),
        _bars("Functions by language", _added(record["languages"] for record in records)),
        _bars("What was not read", _added(record["unread"] for record in records)),
        _bars("Advice", _added(record["advice"] for record in records)),
        _applications(records),
    ]
    style = files("sls_lab.report").joinpath("html.css").read_text(encoding="utf-8") + _STYLE
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Survey</title><style>{style}</style></head><body><main><h1>Survey</h1>"
        f"<p>{escape(sentence(records))}</p>{''.join(sections)}</main></body></html>\n"
    )


_STYLE: Final = """
.survey td, .survey th { text-align: start; padding: .15rem .6rem; vertical-align: middle; }
.survey td.number { text-align: end; font-variant-numeric: tabular-nums; }
.survey .bar { display: block; block-size: .8rem; background: currentColor; opacity: .55; min-inline-size: 1px; }
.survey td.bars { inline-size: 22rem; }
"""


def _bars(title: str, counted: Mapping[str, int]) -> str:
    if not counted:
        return ""
    greatest = max(counted.values())
    rows = [
        f'<tr><th scope="row">{_text(name)}</th><td class="number">{number}</td>'
        f'<td class="bars"><span class="bar" style="inline-size:{100 * number / greatest:.1f}%" aria-hidden="true">'
        "</span></td></tr>"
        for name, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    ]
    return f'<section><h2>{escape(title)}</h2><table class="survey">{"".join(rows)}</table></section>'


def _applications(records: Sequence[JournalRecord]) -> str:
    heads = ("application", "answer", "flows", "functions", "events", "over-privilege", "problem")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = []
    for record in sorted(records, key=lambda record: (-len(record["flows"]), record["app"])):
        numbers = (len(record["flows"]), record["functions"], record["edges"], record["over_privilege"])
        cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
        answer = _text(_answer(record))
        rows.append(
            f'<tr><th scope="row">{_text(record["app"])}</th><td>{answer}</td>{cells}'
            f"<td>{_text(record['problem'] or '')}</td></tr>"
        )
    table = f'<table class="survey"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    return f"<section><h2>Applications</h2>{table}</section>"


def _answer(record: JournalRecord) -> str:
    answer: str = record["answer"]
    return _ANSWERS.get(answer, answer)


def _added(counters: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counters:
        total.update(one)
    return total


def _text(text: str) -> str:
    return escape(visible(text))


def _cell(value: object) -> str:
    """A value as a spreadsheet shows it; what would be taken for a formula is quoted."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
