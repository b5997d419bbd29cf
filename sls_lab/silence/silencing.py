"""Move accepted findings out of a report, and list them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sls_lab.advice import Advice
from sls_lab.facts import Diagnostic, Silence, Span
from sls_lab.silence.baseline import Baseline, entries_of
from sls_lab.silence.comments import Comment, comments_in
from sls_lab.taint.model import Flow, SilencedFlow, TaintReport

Finding = TypeVar("Finding", Flow, Advice)


@dataclass(frozen=True, slots=True)
class SilencedAdvice:
    """A piece of advice that was accepted, and by what."""

    advice: Advice
    why: Silence


@dataclass(frozen=True, slots=True)
class Silenced:
    """What reports list of a silenced finding: its code (a flow's category), what it says, and where it is."""

    kind: str
    code: str
    message: str
    span: Span
    why: Silence


class Silencing:
    """Whatever an application's comments and its baseline accept; `app` is its name in the baseline."""

    def __init__(self, app: str, texts: Mapping[str, str], baseline: Baseline) -> None:
        self._app = app
        self._texts = texts
        self._baseline = baseline
        self.comments = comments_in(texts)

    @property
    def is_active(self) -> bool:
        """Whether there is any comment, or anything in the baseline."""
        return bool(self.comments or self._baseline.accepted)

    def flows(self, report: TaintReport) -> TaintReport:
        """The report with what is accepted moved to its `silenced`."""
        kept, silenced = self._split(report.flows, _meant_by_flow, lambda flow: flow.sink.span)
        apart = tuple(SilencedFlow(flow, why) for flow, why in silenced)
        return replace(report, flows=kept, silenced=apart) if apart else report

    def advice(self, advice: Sequence[Advice]) -> tuple[tuple[Advice, ...], tuple[SilencedAdvice, ...]]:
        """The advice that stays, and what is accepted."""
        kept, silenced = self._split(advice, lambda one: {one.code}, lambda one: one.span)
        return kept, tuple(SilencedAdvice(one, why) for one, why in silenced)

    def complaints(self, report: TaintReport, silenced: Iterable[SilencedAdvice]) -> Iterator[Diagnostic]:
        """Comments without a reason or without an effect, and entries of the baseline that match nothing."""
        apart = [*(one.why for one in report.silenced), *(one.why for one in silenced)]
        used = {why.span for why in apart}
        for comment in self.comments:
            codes = ", ".join(comment.codes)
            if not comment.reason or not comment.codes:
                message = "This comment names no code" if not comment.codes else f"Nothing says why {codes} is silenced"
                message += ", so it silences nothing: write `# sls-lab: ignore[code] reason`."
                yield Diagnostic("silence-without-reason", message, comment.span)
            elif comment.span not in used and not self._may_be_used(comment, report):
                message = f"There is no {codes} at this line, so the comment silences nothing: remove it."
                yield Diagnostic("silence-unused", message, comment.span)
        accepted = sum(count for entry, count in self._baseline.accepted.items() if entry.app == self._app)
        left = accepted - sum(why.by == "baseline" for why in apart)
        if left > 0 and report.analysed != "not-run":
            message = f"{left} of the {accepted} findings in the baseline are no longer there: write it again."
            yield Diagnostic("baseline-unused", message)

    def _may_be_used(self, comment: Comment, report: TaintReport) -> bool:
        """Whether a comment may mean a flow that was not looked for, or is set aside."""
        aside = (one.flow for one in report.set_aside)
        return report.analysed == "not-run" or any(
            _speaks_of(comment, flow.sink.span) and _meant_by_flow(flow) & set(comment.codes) for flow in aside
        )

    def _split(
        self,
        findings: Sequence[Finding],
        meant_by: Callable[[Finding], set[str]],
        span_of: Callable[[Finding], Span],
    ) -> tuple[tuple[Finding, ...], list[tuple[Finding, Silence]]]:
        left = Counter(self._baseline.accepted)
        kept: list[Finding] = []
        silenced: list[tuple[Finding, Silence]] = []
        for finding, entry in zip(findings, entries_of(self._app, findings, self._texts), strict=True):
            comment = self._comment(meant_by(finding), span_of(finding))
            if comment is not None:
                silenced.append((finding, Silence("comment", comment.reason, comment.span)))
            elif left[entry] > 0:
                left[entry] -= 1
                silenced.append((finding, Silence("baseline", "accepted in the baseline")))
            else:
                kept.append(finding)
        return tuple(kept), silenced

    def _comment(self, codes: set[str], span: Span) -> Comment | None:
        for comment in self.comments:
            if comment.reason and codes & set(comment.codes) and _speaks_of(comment, span):
                return comment
        return None


def _speaks_of(comment: Comment, span: Span) -> bool:
    """Whether a comment is at a finding: on its first line, or, in Python, on any line of its expression."""
    if comment.span.file != span.file:
        return False
    last = span.end_line if span.file.endswith(".py") else span.line
    return span.line <= comment.line <= last


def _meant_by_flow(flow: Flow) -> set[str]:
    return {flow.rule.category, flow.rule.name}


def silenced_findings(report: TaintReport, advice: Iterable[SilencedAdvice]) -> tuple[Silenced, ...]:
    """What reports list: flows, then advice."""
    flows = (
        Silenced("flow", one.flow.rule.category, one.flow.rule.title, one.flow.sink.span, one.why)
        for one in report.silenced
    )
    others = (Silenced("advice", one.advice.code, one.advice.message, one.advice.span, one.why) for one in advice)
    return (*flows, *others)
