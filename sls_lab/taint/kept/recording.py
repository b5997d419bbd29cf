"""Runs stored beside an application, for machines on which Pysa does not run.

One file holds several runs: of the application as it is and of edited copies, with and without the rewriting, and with
kinds of knowledge left out. Each is found by a digest of what it is of; equal reports are stored once.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sls_lab.facts import Diagnostic, SlsLabError
from sls_lab.taint.kept.digest import application_digest
from sls_lab.taint.kept.report_json import from_json, to_json
from sls_lab.taint.model import TaintReport
from sls_lab.taint.staging.staged_folder import Subject

FILE_NAME = "recorded.json"
_SCHEMA = "sls-lab/recording/3"
#: Of an earlier version of the kit, which dropped what it judged harmless.
_EARLIER = "sls-lab/recording/2"
_WIDTH = 160


class NoRecording(SlsLabError):
    """There is no recording, or none that is of this code; the text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Run:
    """A report to be recorded. `what` tells readers of the file in words what the run is of."""

    what: str
    subject: Subject
    report: TaintReport


def record(root: Path, runs: Sequence[Run], date: datetime.date) -> Path:
    """Store live runs beside the application in `root`, in place of all that was recorded before; returns the file.

    A file that holds these very runs already keeps its date. Raises NoRecording where one of them is not live, and
    OSError.
    """
    if any(run.report.analysed != "live" for run in runs):
        raise NoRecording("only a live run can be recorded; run `sls-lab doctor` to see why Pysa did not run")
    path = root / FILE_NAME
    reports: list[dict[str, Any]] = []
    found: dict[str, dict[str, Any]] = {}
    for run in runs:
        report = to_json(run.report)
        if report not in reports:
            reports.append(report)
        digest = application_digest(run.subject)
        found.setdefault(digest, {"digest": digest, "what": run.what, "report": reports.index(report)})
    stored = {"runs": list(found.values()), "reports": reports}
    try:
        old = _load(path)
    except NoRecording:
        old = {}
    if any(old.get(key) != value for key, value in stored.items()):
        data = {"schema": _SCHEMA, "date": date.isoformat(), **stored}
        path.unlink(missing_ok=True)  # a link in an application's folder may lead to any file of the user's
        path.write_text(_laid_out(data) + "\n", encoding="utf-8")
    return path


def recorded(subject: Subject) -> TaintReport:
    """The recording of an application. Raises NoRecording where it is missing, unreadable or of other code."""
    data = _load(subject.template.root / FILE_NAME)
    digest = application_digest(subject)
    try:
        date = str(data["date"])
        number = next((run["report"] for run in data["runs"] if run["digest"] == digest), None)
        stored = None if number is None else data["reports"][number]
        if stored is not None and data["schema"] == _EARLIER:
            stored = _with_nothing_set_aside(stored)
        report = None if stored is None else from_json(stored, "recorded")
    except _UNREADABLE as error:
        raise _unreadable() from error
    if report is None:
        raise NoRecording(
            f"the recording of {date} is of other code, another template or other options; "
            "make it anew with `sls-lab record` where Pysa runs"
        )
    tools = ", ".join(f"{name} {version}" for name, version in sorted(report.versions.items()))
    told = f"the flows were recorded on {date} with {tools}"
    if data["schema"] == _EARLIER:
        told += "; which flows were set aside was not recorded"
    note = Diagnostic("recorded", told)
    return replace(report, diagnostics=(*report.diagnostics, note))


def _with_nothing_set_aside(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report of an earlier version in today's form."""
    flows = [{**flow, "doubts": []} for flow in report["flows"]]
    return {**report, "flows": flows, "set_aside": []}


#: What JSON of an unknown form may raise when it is taken apart.
_UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data["schema"] not in (_SCHEMA, _EARLIER):
            raise _unreadable()
    except FileNotFoundError as error:
        raise NoRecording(
            f"no recording of {path.parent.name}; make one with `sls-lab record` where Pysa runs"
        ) from error
    except _UNREADABLE as error:
        raise _unreadable() from error
    return data


def _unreadable() -> NoRecording:
    return NoRecording(f"{FILE_NAME} cannot be read; make it anew with `sls-lab record`")


def _laid_out(value: Any, indent: str = "") -> str:
    """JSON in which what fits on a line stands on one: a change shows in a comparison, and the file stays small."""
    line = json.dumps(value)
    if len(indent) + len(line) <= _WIDTH or not isinstance(value, dict | list):
        return line
    inner = indent + " "
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(key)}: {_laid_out(part, inner)}" for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _laid_out(part, inner) for part in value) + f"\n{indent}]"
