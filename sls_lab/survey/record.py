"""What a survey keeps of one application."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sls_lab.app import App
from sls_lab.report.summary import outcome

#: Advice that says a permission is granted and not needed, or wider than it need be.
_OVER_PRIVILEGE = ("unused-permission", "wildcard-permission")


def record_of(name: str, app: App) -> dict[str, Any]:
    """The figures of an analysed application; `name` is what the survey calls it."""
    found = outcome(app)
    flows = [
        {
            "category": flow.rule.category,
            "rule": flow.rule.name,
            "severity": flow.rule.severity,
            "confidence": flow.confidence,
            "source": flow.source.handler,
            "sink": flow.sink.span.place,
            "second_order": flow.second_order,
            "crosses": flow.source.handler != flow.sink.handler,
        }
        for flow in app.flows.flows
    ]
    errors = Counter(one.code for one in app.diagnostics if one.level == "error")
    return {
        "app": name,
        "answer": found.answer,
        "complete": app.complete,
        "kind": app.template.kind,
        "functions": len(app.template.functions),
        "languages": dict(Counter(function.language for function in app.template.functions)),
        "entries": dict(Counter(entry.kind for entry in app.events.entries.values())),
        "services": dict(Counter(edge.service for edge in app.events.edges if edge.linked)),
        "edges": sum(edge.linked for edge in app.events.edges),
        "flows": flows,
        "set_aside": len(app.flows.set_aside),
        "unread": dict(errors),
        "over_privilege": sum(one.code in _OVER_PRIVILEGE for one in app.advice),
        "advice": dict(Counter(one.code for one in app.advice)),
        "problem": None,
    }


def record_of_problem(name: str, answer: str, problem: str) -> dict[str, Any]:
    """What is kept of one that could not be analysed."""
    return {
        "app": name,
        "answer": answer,
        "complete": False,
        "kind": None,
        "functions": 0,
        "languages": {},
        "entries": {},
        "services": {},
        "edges": 0,
        "flows": [],
        "set_aside": 0,
        "unread": {},
        "over_privilege": 0,
        "advice": {},
        "problem": problem,
    }
