"""The analysis as SARIF 2.1.0, for code hosts and editors.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sls_lab.facts import CODES, Diagnostic, Reason, RegisteredCode, Silence, Span
from sls_lab.facts.json_places import Json
from sls_lab.report.confirmations import confirmation_of
from sls_lab.report.display import visible
from sls_lab.report.handlers import complete, problems, source_entry
from sls_lab.report.repository import fingerprints, prefix_of
from sls_lab.report.results import Results
from sls_lab.taint.model import Flow, Rule, Step

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {"high": "error", "medium": "warning", "low": "note"}
# Code hosts sort by this number: https://docs.github.com/en/code-security/code-scanning (security-severity).
_SCORES = {"high": "8.0", "medium": "5.5", "low": "3.0"}
# https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html §3.38.8: what happens at a step.
_KINDS = {
    "source": ["acquire", "taint"],
    "propagation": ["value", "taint"],
    "call": ["call", "function"],
    "event": ["call", "taint"],
    "store": ["value", "taint"],
    "load": ["value", "taint"],
    "sink": ["danger", "taint"],
}
_LANGUAGES = {".py": "python", ".yml": "yaml", ".yaml": "yaml", ".json": "json"}


def as_sarif(analyses: Sequence[Results], *, version: str, absolute: bool = False, root: Path | None = None) -> str:
    """One log with one run for each application; `version` is that of this tool.

    Lines and columns count from 1, columns in Unicode code points (`columnKind` says so), ends are exclusive. A run
    that did not see every handler has `executionSuccessful: false` and a notification for each that it did not see.
    Addresses of files are relative to `root`, a folder that holds the application, or to the application's own folder
    where that is None. The folder on this machine is named with `absolute` alone. Raises OutsideRoot.
    """
    runs = [_run(results, version, absolute, root) for results in analyses]
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": runs}
    text = json.dumps(log, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


@dataclass(frozen=True, slots=True)
class _Places:
    """Spans and files as SARIF has them; `prefix` leads from the root of all addresses to the application."""

    prefix: str

    def address(self, file: str) -> Json:
        path = (self.prefix + file).encode("utf-8", "surrogateescape")
        return {"uri": quote(path, safe="/"), "uriBaseId": _ROOT}

    def location(self, span: Span, handler: str | None = None, message: str | None = None) -> Json:
        location: Json = {
            "physicalLocation": {
                "artifactLocation": self.address(span.file),
                "region": {
                    "startLine": span.line,
                    "startColumn": span.column + 1,
                    "endLine": span.end_line,
                    "endColumn": span.end_column + 1,
                },
            }
        }
        if handler is not None:
            location["logicalLocations"] = [{"name": handler, "kind": "function"}]
        if message is not None:
            location["message"] = _message(message)
        return location


def _run(results: Results, version: str, absolute: bool, root: Path | None) -> Json:
    report = results.flows
    places = _Places(prefix_of(results.path, root))
    base = results.path if root is None else root
    aside = [*(one.flow for one in report.set_aside), *(one.flow for one in report.silenced)]
    rules = list(dict.fromkeys(flow.rule for flow in (*report.flows, *aside)))
    told = problems(results)
    tools = [{"name": name, "version": found} for name, found in results.flows.versions.items()]
    return {
        "tool": {
            "driver": {
                "name": "sls-lab",
                "version": version,
                "semanticVersion": version,
                "rules": [_rule(rule) for rule in rules],
                "notifications": [_descriptor(CODES[code]) for code in dict.fromkeys(problem.code for problem in told)],
            },
            **({"extensions": tools} if tools else {}),
        },
        "automationDetails": {"id": f"sls-lab/{results.name}/"},
        "invocations": [
            {
                "executionSuccessful": complete(results),
                "toolExecutionNotifications": [_notification(places, problem) for problem in told],
            }
        ],
        "originalUriBaseIds": {
            _ROOT: {
                **({"uri": base.absolute().as_uri().rstrip("/") + "/"} if absolute else {}),
                "description": {"text": "The application's folder." if root is None else "The root of the repository."},
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(places, file) for file in (*results.template.files, *sorted(results.code.modules))],
        "results": _results(places, results, rules),
        "properties": {
            "analysed": results.flows.analysed,
            "sourcesConsidered": list(results.flows.considered),
            "sourcesLeftOut": list(results.flows.left_out),
        },
    }


def _descriptor(code: RegisteredCode) -> Json:
    return {
        "id": code.name,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.meaning},
        "help": {"text": code.remedy},
    }


def _rule(rule: Rule) -> Json:
    number = rule.cwe.removeprefix("CWE-")
    return {
        "id": rule.name,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{rule.title}: {rule.category}, {rule.cwe}."},
        "helpUri": f"https://cwe.mitre.org/data/definitions/{number}.html",
        "help": {"text": rule.remedy, "markdown": f"**Remedy.** {_markdown(rule.remedy)}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", rule.category, f"external/cwe/cwe-{number.zfill(3)}"],
            "security-severity": _SCORES[rule.severity],
            "category": rule.category,
            "pysaCode": rule.code,
        },
    }


def _markdown(text: str) -> str:
    return "".join("\\" + character if character in "\\`*_[]<>#|" else character for character in text)


def _results(places: _Places, results: Results, rules: Sequence[Rule]) -> list[Json]:
    """The flows, then those that were set aside, as suppressed results: hosts list them and raise no alert."""
    found: list[Json] = []
    report = results.flows
    told: list[tuple[Flow, Reason | Silence | None]] = [(flow, None) for flow in report.flows]
    told += [(one.flow, one.why) for one in report.set_aside]
    told += [(one.flow, one.why) for one in report.silenced]
    marks = fingerprints([flow for flow, _ in told])
    for (flow, why), mark in zip(told, marks, strict=True):
        result = _result(places, results, flow, rules.index(flow.rule), mark)
        found.append(result if why is None else {**result, "suppressions": [_suppression(places, why)]})
    return found


def _suppression(places: _Places, why: Reason | Silence) -> Json:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html §3.35."""
    location: Json = {} if why.span is None else {"location": places.location(why.span)}
    if isinstance(why, Reason):
        return {"kind": "external", "status": "accepted", "justification": _plain(why.text), **location}
    kind = "inSource" if why.by == "comment" else "external"
    return {"kind": kind, "status": "accepted", "justification": _plain(why.reason), **location}


def _result(places: _Places, results: Results, flow: Flow, index: int, fingerprint: str) -> Json:
    source, sink, rule = flow.source, flow.sink, flow.rule
    entry = source_entry(results, flow)
    message = (
        f"{rule.title}: what arrives in the {entry} handler {source.handler} reaches {sink.text} in {sink.handler}. "
        f"{rule.remedy}"
    )
    return {
        "ruleId": rule.name,
        "ruleIndex": index,
        "kind": "fail",
        "level": _LEVELS[rule.severity],
        "message": _message(message),
        "locations": [places.location(sink.span, sink.handler)],
        "relatedLocations": [{"id": 0, **places.location(source.span, source.handler, f"source: {source.text}")}],
        "codeFlows": [
            {"threadFlows": [{"locations": [_thread(places, n, step) for n, step in enumerate(flow.steps)]}]}
        ],
        "partialFingerprints": {"slsLabFlow/v1": fingerprint},
        "properties": {
            "sourceHandler": source.handler,
            "sourceEntry": entry,
            "sourceKind": source.kind,
            "sinkHandler": sink.handler,
            "sinkKind": sink.kind,
            "secondOrder": flow.second_order,
            "confidence": flow.confidence,
            "doubts": [doubt.text for doubt in flow.doubts],
            **_confirmation(results, flow),
            "alternatives": flow.alternatives,
        },
    }


def _confirmation(results: Results, flow: Flow) -> Json:
    found = confirmation_of(results, flow)
    return {} if found is None else {"confirmation": found.status, "confirmationWhy": found.why}


def _thread(places: _Places, number: int, step: Step) -> Json:
    note = f"{step.role}: {step.note or step.text}"
    return {
        "executionOrder": number + 1,
        "importance": "important" if step.role == "propagation" else "essential",
        "kinds": _KINDS[step.role],
        "location": places.location(step.span, step.handler, note),
    }


def _notification(places: _Places, diagnostic: Diagnostic) -> Json:
    locations: Iterable[Json] = [places.location(diagnostic.span)] if diagnostic.span else []
    return {
        "descriptor": {"id": diagnostic.code},
        "level": diagnostic.level,
        "message": _message(diagnostic.message),
        "locations": list(locations),
    }


def _artifact(places: _Places, file: str) -> Json:
    suffix = file[file.rfind(".") :] if "." in file else ""
    language = {"sourceLanguage": _LANGUAGES[suffix]} if suffix in _LANGUAGES else {}
    return {"location": places.address(file), "roles": ["analysisTarget"], **language}


def _message(text: str) -> Json:
    return {"text": _plain(text)}


def _plain(text: str) -> str:
    """`text` of which nothing is a link: names and code come from the application.

    In a message `[text](address)` is one: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html §3.11.6.
    """
    return visible(text, keep="\n\t").replace("](", "\\](")
