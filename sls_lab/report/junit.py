"""The analysis as JUnit's XML, which build servers show as tests.

The form is that of https://github.com/testmoapp/junitxml, which describes what the tools that read it have in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from sls_lab.facts import Span
from sls_lab.report.display import one_line, visible
from sls_lab.report.handlers import handler_rows, other_diagnostics
from sls_lab.report.repository import prefix_of
from sls_lab.report.results import Results
from sls_lab.report.summary import titles
from sls_lab.taint.model import Flow

_Result = Literal["passed", "failure", "error", "skipped"]
# The two characters that are neither controls nor allowed: https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}


@dataclass(frozen=True, slots=True)
class _Case:
    """One test: what it is called, where it is, what came of it, and why. `kind` is the code of the reason."""

    name: str
    span: Span | None
    result: _Result
    kind: str = ""
    message: str = ""
    details: str = ""


def as_junit(analyses: Sequence[Results], *, root: Path | None = None) -> str:
    """One suite for each application.

    A flow is a test that failed, and what was not analysed is an error, so that neither passes for the other. A flow
    that was set aside or silenced is a test that was skipped, with the reason. A handler that was analysed and in which
    no flow ends is a test that passed. Files are named relative to `root`, or to the application's folder where that is
    None. Raises OutsideRoot.
    """
    suites = ElementTree.Element("testsuites", name="sls-lab")
    for title, results in zip(titles(analyses), analyses, strict=True):
        cases = list(_numbered(_cases(results)))
        results_of = Counter(case.result for case in cases)
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=_xml(title),
            tests=str(len(cases)),
            failures=str(results_of["failure"]),
            errors=str(results_of["error"]),
            skipped=str(results_of["skipped"]),
            time=f"{sum(results.timings.values()):.3f}",
        )
        prefix = prefix_of(results.path, root)
        for case in cases:
            suite.append(_element(case, title, prefix))
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _cases(results: Results) -> Iterator[_Case]:
    report = results.flows
    for flow in report.flows:
        doubts = [f"doubt: {doubt.text}" for doubt in flow.doubts]
        steps = [f"{step.span.place}: {step.role}: {step.note or step.text}" for step in flow.steps]
        message = f"{flow.rule.title}: {flow.sink.text}. {flow.rule.remedy}"
        yield _flow_case(flow, "failure", message, "\n".join([*steps, *doubts]))
    for one in report.set_aside:
        yield _flow_case(one.flow, "skipped", f"set aside: {one.why.text}")
    for other in report.silenced:
        yield _flow_case(other.flow, "skipped", f"silenced by {other.why.by}: {other.why.reason}")
    rows = handler_rows(results)
    reached = {flow.sink.handler for flow in report.flows}
    for row in rows:
        if row.unseen:
            yield _Case(f"{row.name} was analysed", row.span, "error", row.unseen.code, row.unseen.message)
        elif row.name not in reached:
            yield _Case(f"no flow ends in {row.name}", row.span, "passed")
    for diagnostic in other_diagnostics(results, rows):
        if diagnostic.level == "error":
            yield _Case("all of it was read", diagnostic.span, "error", diagnostic.code, diagnostic.message)


def _flow_case(flow: Flow, result: _Result, message: str, details: str = "") -> _Case:
    name = f"no {flow.rule.category} from {flow.source.handler} to {flow.sink.handler}"
    return _Case(name, flow.sink.span, result, flow.rule.category, message, details)


def _numbered(cases: Iterator[_Case]) -> Iterator[_Case]:
    """Give each case a name of its own. No line is part of it, so that it lasts from one commit to the next."""
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.name] += 1
        number = f" ({seen[case.name]})" if seen[case.name] > 1 else ""
        yield _Case(case.name + number, case.span, case.result, case.kind, case.message, case.details)


def _xml(text: str, keep: str = "") -> str:
    return visible(text, keep=keep).translate(_FORBIDDEN)


def _element(case: _Case, title: str, prefix: str) -> ElementTree.Element:
    element = ElementTree.Element("testcase", classname=_xml(title), name=_xml(case.name))
    if case.span is not None:
        element.set("file", _xml(prefix + case.span.file))
        element.set("line", str(case.span.line))
    if case.result != "passed":
        why = ElementTree.SubElement(element, case.result, message=_xml(one_line(case.message)), type=case.kind)
        why.text = _xml(case.details, "\n\t") or None
    return element
