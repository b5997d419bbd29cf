"""A report as JSON, for the cache and for recordings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sls_lab.facts import Diagnostic, Span
from sls_lab.taint.model import Endpoint, Flow, Step, TaintReport
from sls_lab.taint.rules import rule_of


def to_json(report: TaintReport) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "flows": [_flow_to_json(flow) for flow in report.flows],
        "unseen": {name: _diagnostic_to_json(diagnostic) for name, diagnostic in report.unseen.items()},
        "considered": list(report.considered),
        "left_out": list(report.left_out),
        "diagnostics": [_diagnostic_to_json(diagnostic) for diagnostic in report.diagnostics],
        "versions": dict(report.versions),
    }


def from_json(data: Mapping[str, Any], analysed: str) -> TaintReport:
    """The report that `to_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
    if analysed not in ("live", "recorded"):
        raise ValueError(analysed)
    return TaintReport(
        tuple(_flow_from_json(flow) for flow in data["flows"]),
        "live" if analysed == "live" else "recorded",
        {name: _diagnostic_from_json(diagnostic) for name, diagnostic in data["unseen"].items()},
        tuple(data["considered"]),
        tuple(data["left_out"]),
        tuple(_diagnostic_from_json(diagnostic) for diagnostic in data["diagnostics"]),
        dict(data["versions"]),
    )


def _span_to_json(span: Span | None) -> list[Any] | None:
    return None if span is None else [span.file, span.line, span.column, span.end_line, span.end_column]


def _span(data: list[Any]) -> Span:
    file, line, column, end_line, end_column = data
    return Span(file, line, column, end_line, end_column)


def _diagnostic_to_json(diagnostic: Diagnostic) -> list[Any]:
    return [diagnostic.level, diagnostic.code, diagnostic.message, _span_to_json(diagnostic.span)]


def _diagnostic_from_json(data: list[Any]) -> Diagnostic:
    level, code, message, span = data
    return Diagnostic(level, code, message, None if span is None else _span(span))


def _endpoint_to_json(endpoint: Endpoint) -> list[Any]:
    return [endpoint.handler, _span_to_json(endpoint.span), endpoint.text, endpoint.kind, endpoint.entry]


def _endpoint(data: list[Any]) -> Endpoint:
    handler, span, text, kind, entry = data
    return Endpoint(handler, _span(span), text, kind, entry)


def _flow_to_json(flow: Flow) -> dict[str, Any]:
    return {
        "code": flow.rule.code,
        "source": _endpoint_to_json(flow.source),
        "sink": _endpoint_to_json(flow.sink),
        "steps": [[step.role, step.handler, _span_to_json(step.span), step.text, step.note] for step in flow.steps],
        "alternatives": flow.alternatives,
        "second_order": flow.second_order,
    }


def _flow_from_json(data: Mapping[str, Any]) -> Flow:
    return Flow(
        rule_of(data["code"]),
        _endpoint(data["source"]),
        _endpoint(data["sink"]),
        tuple(Step(role, handler, _span(span), text, note) for role, handler, span, text, note in data["steps"]),
        data["alternatives"],
        data["second_order"],
    )
