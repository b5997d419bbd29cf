"""The one-sentence summary of an analysis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sls_lab.report.handlers import handler_rows, other_diagnostics
from sls_lab.report.results import Results
from sls_lab.silence import Silenced
from sls_lab.taint.model import SetAside, TaintReport
from sls_lab.taint.secret_rules import SECRETS

OutcomeKind = Literal["flows", "no-flow", "no-flow-in-part", "not-analysed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answers that are kept apart: flows, no flow in code that was analysed, and code that was not analysed.

    `sentence` is whole and ends with a full stop.
    """

    answer: OutcomeKind
    sentence: str


def outcome(results: Results) -> Outcome:
    """The summary of the analysis of one application."""
    rows = handler_rows(results)
    unseen = [row.name for row in rows if not row.analysed]
    flows = len(results.flows.flows)
    if len(unseen) == len(rows) and not flows:
        why = "it has no function" if not rows else "none of its handlers could be looked into"
        return Outcome("not-analysed", f"Not analysed: {why}. This does not say that there is no flow.")
    missing = ""
    if unseen:
        missing = f" Not analysed: {enumerate_words(unseen)} ({len(unseen)} of {count(len(rows), 'handler')});"
        missing += " flows may be missing."
    elif not results.complete:
        missing = " Part of the application was not analysed; flows may be missing."
    errors = sum(diagnostic.level == "error" for diagnostic in other_diagnostics(results, rows))
    if errors:
        missing += f" What {count(errors, 'error')} among the diagnostics {'concerns' if errors == 1 else 'concern'}"
        missing += " was not seen."
    sources = _sources(results, unseen)
    aside = _aside(results)
    sources += aside
    if flows:
        secrets = sum(flow.source.kind in SECRETS for flow in results.flows.flows)
        if secrets == flows:
            return Outcome("flows", f"{count(flows, 'flow')} found, from secrets.{aside}{missing}")
        told = f", {secrets} of them from secrets, the rest" if secrets else ""
        return Outcome("flows", f"{count(flows, 'flow')} found{told}{sources}{missing}")
    if missing:
        return Outcome("no-flow-in-part", f"No flow found in the code that was analysed{sources}{missing}")
    seen = f"{count(len(rows), 'handler')}, all analysed"
    return Outcome("no-flow", f"No flow found in the code that was analysed ({seen}){sources}")


def _aside(results: Results) -> str:
    """What is not listed among the flows: those that were set aside, and silenced findings."""
    aside = len(results.flows.set_aside)
    text = f" {count(aside, 'flow')} set aside as harmless." if aside else ""
    return text + (f" {silenced_words(results.silenced)}." if results.silenced else "")


def _sources(results: Results, unseen: Sequence[str]) -> str:
    """Where flows were looked for from, and from where not: the end of a sentence, and a second one."""
    report = results.flows
    considered = [name for name in report.considered if name not in unseen]
    if considered:
        text = f" from the events of {enumerate_words(considered)}."
    else:
        # What a listing gives is a source as well, whoever wakes the handler.
        text = " from data that outsiders chose." if report.flows else ", but no handler's event counted as a source."
    if report.left_out:
        text += f" Left out as sources: {enumerate_words(report.left_out)}."
    return text


def aside_words(aside: Sequence[SetAside]) -> str:
    """Why flows were set aside, each reason once: `the host is fixed (2), no shell is used`."""
    reasons = Counter(one.why.text for one in aside)
    return ", ".join(f"{reason} ({times})" if times > 1 else reason for reason, times in reasons.items())


def silenced_words(silenced: Sequence[Silenced]) -> str:
    """How many findings are silenced, and by what: `3 findings silenced: 2 by comment, 1 by baseline`."""
    ways = Counter(one.why.by for one in silenced)
    parts = ", ".join(f"{ways[way]} by {way}" for way in ("comment", "baseline") if ways[way])
    return f"{count(len(silenced), 'finding')} silenced: {parts}"


def recording_words(report: TaintReport) -> str:
    """Of a recording: when and with what it was made."""
    told = next((diagnostic.message for diagnostic in report.diagnostics if diagnostic.code == "recorded"), None)
    versions = ", ".join(f"{tool} {version}" for tool, version in sorted(report.versions.items()))
    return f"recorded, not run now: {told or f'the flows were found with {versions}'}"


def titles(analyses: Sequence[Results]) -> list[str]:
    """What to call each of several applications: its name, or its path where two have the same name."""
    names = [results.name for results in analyses]
    return [results.name if names.count(results.name) == 1 else str(results.path) for results in analyses]


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 flow`, `2 flows`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def enumerate_words(words: Sequence[str], limit: int = 8) -> str:
    """`a`, `a and b`, `a, b and c`; more than `limit` are counted."""
    shown = list(words[:limit])
    if len(words) > limit:
        shown.append(f"{len(words) - limit} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
