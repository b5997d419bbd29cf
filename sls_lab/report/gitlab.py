"""The analysis as GitLab's Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from sls_lab.facts import Diagnostic, Span
from sls_lab.facts.json_places import Json
from sls_lab.report.display import one_line, visible
from sls_lab.report.handlers import problems
from sls_lab.report.repository import fingerprints, prefix_of
from sls_lab.report.results import Results

# https://docs.gitlab.com/ci/testing/code_quality/: info, minor, major, critical, blocker.
_SEVERITIES = {"high": "critical", "medium": "major", "low": "minor"}
_NOT_ANALYSED = "major"


def as_gitlab(analyses: Sequence[Results], *, root: Path | None = None) -> str:
    """The flows of all applications, and what was not analysed: a list without entries would look like a clean result.

    Paths are relative to `root`, which GitLab expects to be the repository, or to the application's folder where that
    is None. Flows that were set aside or silenced are left out, since the form knows no finding that is accepted.
    Raises OutsideRoot.
    """
    entries = [entry for results in analyses for entry in _entries(results, prefix_of(results.path, root))]
    text = json.dumps(entries, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _entries(results: Results, prefix: str) -> Iterator[Json]:
    flows = results.flows.flows
    for flow, mark in zip(flows, fingerprints(flows), strict=True):
        rule = flow.rule
        said = f"{rule.title}: what arrives in {flow.source.handler} reaches {flow.sink.text} in {flow.sink.handler}."
        yield _entry(prefix, rule.category, f"{said} {rule.remedy}", _SEVERITIES[rule.severity], flow.sink.span, mark)
    for problem in problems(results):
        if problem.level == "error":
            span = problem.span or Span(next(iter(results.template.files), "."), 1, 0, 1, 0)
            yield _entry(prefix, problem.code, problem.message, _NOT_ANALYSED, span, _mark(problem))


def _mark(problem: Diagnostic) -> str:
    return "\0".join((problem.code, problem.message, problem.span.file if problem.span else ""))


def _entry(prefix: str, check: str, description: str, severity: str, span: Span, mark: str) -> Json:
    return {
        "type": "issue",
        "check_name": check,
        "description": one_line(description),
        "severity": severity,
        "fingerprint": hashlib.sha256(f"{prefix}\0{mark}".encode("utf-8", "surrogatepass")).hexdigest()[:32],
        "location": {"path": visible(prefix + span.file), "lines": {"begin": span.line}},
    }
