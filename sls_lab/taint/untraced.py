"""Reports of applications in which nothing was traced, and what every report says of the sources."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sls_lab.facts import DEFECTS, Diagnostic
from sls_lab.taint.kept.recording import NoRecording, recorded
from sls_lab.taint.model import TaintReport
from sls_lab.taint.run.pysa import versions
from sls_lab.taint.staging.staged_folder import Subject

P = ParamSpec("P")
T = TypeVar("T")
_ENTRY_KINDS = ("public", "external", "deployment")


def guarded(subject: Subject, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T | TaintReport:
    """What `work` gives for one application; where it fails the others go on, and this one counts as not analysed."""
    try:
        return work(*given, **named)
    except DEFECTS as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = (
            f"sls-lab failed on {subject.template.root.name} ({type(error).__name__} at {place.name}:{place.lineno}), "
            "so that nothing of it was traced; please report it"
        )
        return not_run(subject, Diagnostic("kit-failed", message))


def sources(subject: Subject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The handlers whose events are sources, and the exposed ones that were left out, with their kind of entry."""
    entries = subject.events.entries
    considered = tuple(name for name, entry in entries.items() if entry.kind in subject.sources)
    ignored = tuple(
        f"{name} ({entry.kind})"
        for name, entry in entries.items()
        if entry.kind in _ENTRY_KINDS and entry.kind not in subject.sources
    )
    return considered, ignored


def from_recording(subject: Subject, diagnostic: Diagnostic | None) -> TaintReport:
    """What was recorded; where there is nothing, not analysed, for the reason of `diagnostic` and for that one."""
    try:
        return recorded(subject)
    except NoRecording as error:
        missing = Diagnostic("no-recording", str(error))
        return not_run(subject, *((missing,) if diagnostic is None else (diagnostic, missing)))


def not_run(subject: Subject, *diagnostics: Diagnostic) -> TaintReport:
    """Nothing was traced: every handler is unseen, for this reason where it had none of its own."""
    considered, ignored = sources(subject)
    unseen = {
        function.name: subject.code.unseen.get(function.name, diagnostics[0]) for function in subject.template.functions
    }
    return TaintReport((), "not-run", unseen, considered, ignored, diagnostics, versions())
