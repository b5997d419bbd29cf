"""The analysis as JSON, for programs: the contract `sls-lab/analysis/1` (its schema is `schema.json` beside this)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from sls_lab.advice import Advice
from sls_lab.events.edge_json import edge_object
from sls_lab.events.model import Edge
from sls_lab.facts import Diagnostic, Pattern, Reason
from sls_lab.facts.json_places import Json, extent, place
from sls_lab.report.confirmations import confirmation_of, was_observed
from sls_lab.report.handlers import HandlerRow, complete, handler_rows, source_entry
from sls_lab.report.results import Results
from sls_lab.silence import Silenced
from sls_lab.taint.model import Endpoint, Flow, Step
from sls_lab.template.model import Trigger
from sls_lab.template.shared.node import Node

SCHEMA = "sls-lab/analysis/1"
STEPS = ("template", "code", "events", "rewrite", "taint")
_DEEPEST_SETTING = 12


def as_json(analyses: Sequence[Results], *, array: bool = False) -> str:
    """One application as an object, several as an array of them (`array` gives one also for a single one).

    Lines count from 1, columns from 0 in Unicode code points, ends are exclusive. The text ends with a newline; a
    lone surrogate, which UTF-8 cannot carry, is written as its `\\ud800` escape.
    """
    objects = [analysis(results) for results in analyses]
    text = json.dumps(objects if array or len(objects) != 1 else objects[0], ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def analysis(results: Results) -> Json:
    """One application as plain values."""
    report = results.flows
    return {
        "schema": SCHEMA,
        "app": {
            "path": results.path.as_posix(),
            "kind": results.template.kind,
            "templates": list(results.template.files),
        },
        "handlers": [_handler(row) for row in handler_rows(results)],
        "edges": [_edge(results, edge) for edge in results.events.edges],
        "flows": [_flow(results, flow) for flow in report.flows],
        "set_aside": [{**_flow(results, one.flow), "why": _reason(one.why)} for one in report.set_aside],
        **_observed(results),
        "silenced": [_silenced(one) for one in results.silenced],
        "advice": [_advice(item) for item in results.advice],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in results.diagnostics],
        "sources": {"considered": list(report.considered), "left_out": list(report.left_out)},
        "analysed": report.analysed,
        "complete": complete(results),
        "timings": {step: _seconds(results.timings.get(step)) for step in STEPS},
    }


def _observed(results: Results) -> Json:
    """The edges that a replay saw, predicted or not; nothing where none was asked for."""
    if results.confirmed is None:
        return {}
    return {"observed": [edge_object(edge) for edge in results.confirmed.observed]}


def plain(node: Node, depth: int = 0) -> object:
    """A template's value as JSON has it; a string that is not fully known shows its holes in braces.

    What is nested deeper than twelve levels is written as `"…"`, since settings are for reading, not for rebuilding.
    """
    if depth > _DEEPEST_SETTING:
        return "…"
    match node.value:
        case Pattern() as pattern:
            return str(pattern)
        case tuple() as items:
            return [plain(item, depth + 1) for item in items]
        case float() as number if not math.isfinite(number):
            return str(number)
        case None | bool() | int() | float() as scalar:
            return scalar
        case mapping:
            return {key: plain(value, depth + 1) for key, value in mapping.items()}


def _handler(row: HandlerRow) -> Json:
    return {
        "name": row.name,
        "file": row.file,
        "line": row.line,
        "function": row.attribute,
        "entry": row.entry,
        "triggers": [_trigger(trigger) for trigger in row.triggers],
        "analysed": row.analysed,
    }


def _trigger(trigger: Trigger) -> Json:
    return {
        "type": trigger.type,
        "service": trigger.service,
        "resource": None if trigger.resource is None else str(trigger.resource),
        "via": list(trigger.via),
        "settings": {key: plain(value) for key, value in trigger.settings.items()},
        **place(trigger.span),
    }


def _edge(results: Results, edge: Edge) -> Json:
    observed = was_observed(results, edge)
    return {
        **edge_object(edge),
        "status": edge.status,
        "certain": edge.certain,
        "via": list(edge.via),
        "because": [_reason(reason) for reason in edge.because],
        **({} if results.confirmed is None else {"observed": observed}),
    }


def _reason(reason: Reason) -> Json:
    return {"text": reason.text, **place(reason.span)}


def _flow(results: Results, flow: Flow) -> Json:
    rule, sink = flow.rule, flow.sink
    entry = source_entry(results, flow)
    return {
        "rule": rule.name,
        "category": rule.category,
        "title": rule.title,
        "severity": rule.severity,
        "cwe": rule.cwe,
        "remedy": rule.remedy,
        "second_order": flow.second_order,
        "confidence": flow.confidence,
        "doubts": [_reason(doubt) for doubt in flow.doubts],
        "source": {"handler": flow.source.handler, "entry": entry, **_endpoint(flow.source)},
        "sink": {"handler": sink.handler, "end_line": sink.span.end_line, **_endpoint(sink)},
        "steps": [_step(step) for step in flow.steps],
        "alternatives": flow.alternatives,
        **_confirmation(results, flow),
    }


def _confirmation(results: Results, flow: Flow) -> Json:
    found = confirmation_of(results, flow)
    if found is None:
        return {"confirmed": None}
    from sls_lab.replay.as_json import confirmation_object

    return {"confirmed": found.confirmed, "confirmation": confirmation_object(found)}


def _endpoint(endpoint: Endpoint) -> Json:
    return {
        **place(endpoint.span),
        "column": endpoint.span.column,
        "text": endpoint.text,
        "kind": endpoint.kind,
    }


def _step(step: Step) -> Json:
    return {
        **extent(step.span),
        "handler": step.handler,
        "role": step.role,
        "text": step.text,
        "note": step.note,
    }


def _advice(item: Advice) -> Json:
    return {"code": item.code, "message": item.message, **place(item.span)}


def _silenced(one: Silenced) -> Json:
    comment = one.why.span
    return {
        "kind": one.kind,
        "code": one.code,
        "message": one.message,
        **place(one.span),
        "by": one.why.by,
        "reason": one.why.reason,
        "comment": None if comment is None else place(comment),
    }


def _diagnostic(diagnostic: Diagnostic) -> Json:
    return {
        "level": diagnostic.level,
        "code": diagnostic.code,
        **place(diagnostic.span),
        "message": diagnostic.message,
    }


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
