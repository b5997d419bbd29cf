"""Runs stored beside an application, for machines on which Pysa does not run.

One file holds several runs: of the application as it is and of edited copies, with and without the rewriting, and with
kinds of knowledge left out. Each is found by a digest of what it is of; equal reports are stored once.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from sls_lab.facts import Diagnostic, SlsLabError
from sls_lab.taint.kept.digest import application_digest
from sls_lab.taint.kept.report_json import from_json, to_json
from sls_lab.taint.kept.stored_file import NotAsStored, read_stored
from sls_lab.taint.model import TaintReport
from sls_lab.taint.staging.staged_folder import Subject

FILE_NAME = "recorded.json"
OWN_RECORDINGS = "own_recordings.txt"
_SCHEMA = "sls-lab/recording/3"
#: Of an earlier version of the kit, which dropped what it judged harmless.
_EARLIER = "sls-lab/recording/2"
_WIDTH = 160


class NoRecording(SlsLabError):
    """There is no recording, or none of this code; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Run:
    """A report to be recorded. `what` says in words, for readers of the file, what the run is of."""

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
        old = _parsed(_read(path))
    except NoRecording:
        old = {}
    if any(old.get(key) != value for key, value in stored.items()):
        data = {"schema": _SCHEMA, "date": date.isoformat(), **stored}
        path.unlink(missing_ok=True)  # a link in an application's folder may lead to any file of the user's
        path.write_text(_laid_out(data) + "\n", encoding="utf-8")
    return path


def recorded(subject: Subject) -> TaintReport:
    """The recording of an application.

    A recording lies in the folder that is analysed, and whoever wrote that may have written it as well: it counts where
    it is one of the kit's own examples, or where `subject.trust_recording` says so. Raises NoRecording where it is
    missing, not to be trusted, unreadable or of other code.
    """
    stored_bytes = _read(subject.template.root / FILE_NAME)
    if not subject.trust_recording and hashlib.sha256(stored_bytes).hexdigest() not in own_recordings():
        raise NoRecording(
            f"the recording of {subject.template.root.name} is not one of the kit's own examples, so that it is not "
            "believed; give --trust-recording if you made it"
        )
    data = _parsed(stored_bytes)
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
            "make it again with `sls-lab record` where Pysa runs"
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
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@cache
def own_recordings() -> frozenset[str]:
    """The digests (SHA-256) of the recordings of the kit's own examples, which `tools/list_recordings.py` lists."""
    listed = resources.files("sls_lab.taint.kept").joinpath(OWN_RECORDINGS).read_text(encoding="utf-8")
    return frozenset(line.split()[0] for line in listed.splitlines() if line.strip())


def _read(path: Path) -> bytes:
    try:
        return read_stored(path)
    except FileNotFoundError as error:
        raise NoRecording(
            f"no recording of {path.parent.name}; make one with `sls-lab record` where Pysa runs"
        ) from error
    except NotAsStored as error:
        raise _unreadable(f"it {error}") from error
    except OSError as error:
        raise _unreadable(error.strerror or str(error)) from error


def _parsed(stored: bytes) -> dict[str, Any]:
    try:
        data = json.loads(stored)
        if not isinstance(data, dict) or data["schema"] not in (_SCHEMA, _EARLIER):
            raise _unreadable()
    except _UNREADABLE as error:
        raise _unreadable() from error
    return data


def _unreadable(why: str = "") -> NoRecording:
    return NoRecording(f"{FILE_NAME} cannot be read{f' ({why})' if why else ''}; make it again with `sls-lab record`")


def _laid_out(value: Any, indent: str = "") -> str:
    """JSON in which what fits on a line is on one: a change shows in a comparison, and the file stays small."""
    line = json.dumps(value)
    if len(indent) + len(line) <= _WIDTH or not isinstance(value, dict | list):
        return line
    inner = indent + " "
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(key)}: {_laid_out(part, inner)}" for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _laid_out(part, inner) for part in value) + f"\n{indent}]"
