"""Runs stored beside an application, for machines on which Pysa does not run."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

from sls_lab.facts import Diagnostic, SlsLabError
from sls_lab.taint.digest import application_digest
from sls_lab.taint.model import TaintReport
from sls_lab.taint.staging import Subject
from sls_lab.taint.storage import from_json, to_json

FILE_NAME = "recorded.json"
_SCHEMA = "sls-lab/recording/1"


class NoRecording(SlsLabError):
    """There is no recording, or none that is of this code; the text says which, and what to do."""


def record(subject: Subject, report: TaintReport, date: datetime.date) -> Path:
    """Store a live run beside the application; returns the file. Raises NoRecording for a run that is not live."""
    if report.analysed != "live":
        raise NoRecording("only a live run can be recorded; run `sls-lab doctor` to see why Pysa did not run")
    path = subject.template.root / FILE_NAME
    data = {
        "schema": _SCHEMA,
        "date": date.isoformat(),
        "digest": application_digest(subject),
        "report": to_json(report),
    }
    path.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def recorded(subject: Subject) -> TaintReport:
    """The recording of an application. Raises NoRecording where it is missing, unreadable or of other code."""
    path = subject.template.root / FILE_NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        report = from_json(data["report"], "recorded")
        same, date = data["digest"] == application_digest(subject), str(data["date"])
    except FileNotFoundError as error:
        raise NoRecording(
            f"no recording of {subject.template.root.name}; make one with `sls-lab record` where Pysa runs"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoRecording(f"{FILE_NAME} cannot be read; make it anew with `sls-lab record`") from error
    if not same:
        raise NoRecording(
            f"the recording of {date} is of other code, another template or other options; "
            "make it anew with `sls-lab record` where Pysa runs"
        )
    tools = ", ".join(f"{name} {version}" for name, version in sorted(report.versions.items()))
    note = Diagnostic("note", "recorded", f"the flows were recorded on {date} with {tools}")
    return replace(report, diagnostics=(*report.diagnostics, note))
