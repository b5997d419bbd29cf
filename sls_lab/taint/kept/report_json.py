"""A report as JSON, for the cache and for recordings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from sls_lab.events.model import EntryKind
from sls_lab.facts import Diagnostic, Reason, ReasonKind, Span
from sls_lab.taint.model import Endpoint, Flow, SetAside, Step, StepRole, TaintReport, ranked
from sls_lab.taint.rules import rule_of

T = TypeVar("T")


def to_json(report: TaintReport) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "flows": [_flow_to_json(flow) for flow in report.flows],
        "set_aside": [{"flow": _flow_to_json(one.flow), "why": _reason_to_json(one.why)} for one in report.set_aside],
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
        ranked(_flow_from_json(flow) for flow in data["flows"]),
        "live" if analysed == "live" else "recorded",
        {name: _diagnostic_from_json(diagnostic) for name, diagnostic in _of(dict, data["unseen"]).items()},
        _texts(data["considered"]),
        _texts(data["left_out"]),
        tuple(_diagnostic_from_json(diagnostic) for diagnostic in data["diagnostics"]),
        {name: _of(str, version) for name, version in _of(dict, data["versions"]).items()},
        tuple(SetAside(_flow_from_json(one["flow"]), _reason(one["why"])) for one in data["set_aside"]),
    )


def _span_to_json(span: Span | None) -> list[Any] | None:
    return None if span is None else [span.file, span.line, span.column, span.end_line, span.end_column]


def _span(data: list[Any]) -> Span:
    file, *places = data
    line, column, end_line, end_column = (_of(int, place) for place in places)
    if not (1 <= line <= end_line and column >= 0 and end_column >= 0):
        raise ValueError(places)
    return Span(_of(str, file), line, column, end_line, end_column)


def _of(kind: type[T], value: Any) -> T:
    """The value, which must be of this kind: what was stored may have been changed by anybody."""
    if not isinstance(value, kind):
        raise TypeError(value)
    return value


def _texts(values: list[Any]) -> tuple[str, ...]:
    return tuple(_of(str, value) for value in _of(list, values))


def _one_of(allowed: tuple[Any, ...], value: Any) -> Any:
    if value not in allowed:
        raise ValueError(value)
    return value


def _diagnostic_to_json(diagnostic: Diagnostic) -> list[Any]:
    return [diagnostic.level, diagnostic.code, diagnostic.message, _span_to_json(diagnostic.span)]


def _diagnostic_from_json(data: list[Any]) -> Diagnostic:
    _level, *texts, span = data
    code, message = _texts(texts)
    return Diagnostic(code, message, None if span is None else _span(span))


def _reason_to_json(reason: Reason) -> list[Any]:
    kind = [] if reason.kind == "statement" else [reason.kind]
    return [reason.text, _span_to_json(reason.span), *kind]


def _reason(data: list[Any]) -> Reason:
    text, span, kind = data if len(data) == 3 else (*data, "statement")
    if kind not in get_args(ReasonKind):
        raise ValueError(f"{kind!r} is not a kind of reason")
    return Reason(_of(str, text), None if span is None else _span(span), kind)


def _endpoint_to_json(endpoint: Endpoint) -> list[Any]:
    return [endpoint.handler, _span_to_json(endpoint.span), endpoint.text, endpoint.kind, endpoint.entry]


def _endpoint(data: list[Any]) -> Endpoint:
    handler, span, text, kind, entry = data
    handler, text, kind = _texts([handler, text, kind])
    return Endpoint(handler, _span(span), text, kind, _one_of((None, *get_args(EntryKind)), entry))


def _step(data: list[Any]) -> Step:
    role, handler, span, text, note = data
    handler, text, note = _texts([handler, text, note])
    return Step(_one_of(get_args(StepRole), role), handler, _span(span), text, note)


def _flow_to_json(flow: Flow) -> dict[str, Any]:
    return {
        "code": flow.rule.code,
        "source": _endpoint_to_json(flow.source),
        "sink": _endpoint_to_json(flow.sink),
        "steps": [[step.role, step.handler, _span_to_json(step.span), step.text, step.note] for step in flow.steps],
        "alternatives": flow.alternatives,
        "second_order": flow.second_order,
        "doubts": [_reason_to_json(doubt) for doubt in flow.doubts],
    }


def _flow_from_json(data: Mapping[str, Any]) -> Flow:
    return Flow(
        rule_of(data["code"]),
        _endpoint(data["source"]),
        _endpoint(data["sink"]),
        tuple(map(_step, data["steps"])),
        _of(int, data["alternatives"]),
        _of(bool, data["second_order"]),
        tuple(map(_reason, data["doubts"])),
    )
