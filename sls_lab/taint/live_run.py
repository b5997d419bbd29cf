"""One run of Pysa over several applications: what is staged, what comes of it, and what is done where it fails."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from sls_lab.code import span_of
from sls_lab.facts import Diagnostic, Span
from sls_lab.facts.telling import Telling
from sls_lab.python.walking import body_of
from sls_lab.taint.model import TaintReport
from sls_lab.taint.read.flows import flows_of
from sls_lab.taint.read.pysa_output import PysaResults, UnknownOutput, read_results
from sls_lab.taint.run.culprits import find_culprit
from sls_lab.taint.run.pysa import (
    RESULTS,
    PysaFailed,
    PysaPrograms,
    PysaUnavailable,
    find_programs,
    run_pysa,
    types_end,
    versions,
)
from sls_lab.taint.run.temporary import staging_folder
from sls_lab.taint.run.turns import turn
from sls_lab.taint.staging.model_files import left_out, write_models
from sls_lab.taint.staging.staged_folder import StagedApp, write_stage
from sls_lab.taint.untraced import from_recording, guarded, not_run, sources

_DOTTED = re.compile(r"[\w.]+")
_MOST_LEFT_OUT = 5  #: files of one application; one with more is not analysed


def run_together(
    apps: Sequence[StagedApp], progress: Telling, refused: frozenset[str] = frozenset()
) -> list[TaintReport]:
    """The reports of one run, in which the functions `refused` are not sources, since Pysa cannot identify them."""
    refused |= {name for app in apps for name in app.unreadable}
    try:
        programs = find_programs()
    except PysaUnavailable as error:
        reason = f"{error}, so that nothing was traced; `sls-lab doctor` says what to install"
        return [from_recording(app.subject, Diagnostic("pysa-missing", reason)) for app in apps]
    progress(f"tracing {_named(apps)} with Pysa")
    try:
        with staging_folder() as folder:
            write_stage(folder, apps)
            write_models(folder, apps, refused)
            try:
                with turn(progress):
                    cut_short = run_pysa(programs, folder)
            except PysaFailed as error:
                without = _without_culprit(apps, programs, folder, error)
                if without is None:
                    raise
            else:
                results = read_results(folder / RESULTS)
                progress("reading the traces")
                return [guarded(app.subject, _report, app, results, versions(), refused, cut_short) for app in apps]
        return run_together([without], progress, refused)
    except (PysaFailed, UnknownOutput) as error:
        named = _refusedsources(apps, error.errors if isinstance(error, PysaFailed) else ()) - refused
        if named:
            return run_together(apps, progress, refused | named)
        if len(apps) > 1:  # what one application's code does to Pysa must not cost the others their answer
            middle = len(apps) // 2
            return [*run_together(apps[:middle], progress), *run_together(apps[middle:], progress)]
        if isinstance(error, PysaFailed) and error.errors:
            diagnostic = Diagnostic("models-refused", f"Pysa refuses the model: {error.errors[0]}")
        else:
            diagnostic = Diagnostic("pysa-failed", f"{error}; nothing was traced, run `sls-lab doctor`")
    except OSError as error:
        place = f" at {Path(error.filename).parent}" if isinstance(error.filename, str) else ""
        message = (
            f"the staging folder could not be written{place}: {error.strerror or error}; free some space or set TMPDIR"
        )
        diagnostic = Diagnostic("staging-failed", message)
    return [not_run(app.subject, diagnostic) for app in apps]


def _without_culprit(
    apps: Sequence[StagedApp], programs: PysaPrograms, folder: Path, error: PysaFailed
) -> StagedApp | None:
    """The application without the file at which Pyrefly failed; None for several applications, and where no one did."""
    if len(apps) > 1 or not error.by_pyrefly or len(apps[0].left_out) >= _MOST_LEFT_OUT:
        return None
    texts = {staged: file.text for staged, file in apps[0].files.items()}
    culprit = find_culprit(texts, lambda files: types_end(programs, folder, files))
    return None if culprit is None else apps[0].without(culprit)


def _refusedsources(apps: Sequence[StagedApp], errors: Sequence[str]) -> frozenset[str]:
    """The functions that receive events and that Pysa's errors name: defined twice with different parameters, or in
    a branch that is never taken. One of them must not cost all others their answer.
    """
    words = {word.rstrip(".") for error in errors for word in _DOTTED.findall(error)}
    return frozenset(name for app in apps for callables in app.handlers.values() for name in callables) & words


def _report(
    app: StagedApp,
    results: PysaResults,
    tools: Mapping[str, str],
    refused: frozenset[str] = frozenset(),
    cut_short: bool = False,
) -> TaintReport:
    subject = app.subject
    diagnostics = [
        Diagnostic("model-refused", f"Pysa refused a model, so that its sinks were not looked for: {error}")
        for error in results.model_errors
    ]
    if cut_short:
        message = "calls are nested so deeply that types were cut short: flows by way of the deepest may be missed"
        diagnostics.append(Diagnostic("types-cut-short", message))
    if names := ", ".join(sorted(left_out(app))):
        diagnostics.append(Diagnostic("models-left-out", f"not mentioned by the code, so not looked for: {names}"))
    not_looked_into, ambiguous = _not_looked_into(app, results), _ambiguous(app, refused)
    unseen = {**subject.code.unseen, **not_looked_into, **ambiguous, **_reaching_left_out(app)}
    considered, ignored = sources(subject)
    found = flows_of(app, results)
    diagnostics += found.diagnostics
    return TaintReport(
        found.flows, "live", unseen, considered, ignored, tuple(diagnostics), tools, set_aside=found.set_aside
    )


def _not_looked_into(app: StagedApp, results: PysaResults) -> dict[str, Diagnostic]:
    """The handlers that make calls of which Pysa lists none: without this, a silent miss."""
    missed = {}
    for name, callables in app.handlers.items():
        receivers = app.receivers(name)
        calling = {
            callable_name
            for receiver, callable_name in zip(receivers, callables, strict=True)
            if any(isinstance(node, ast.Call) for part in body_of(receiver.definition) for node in ast.walk(part))
        }
        if not calling <= results.looked_into:
            message = f"Pysa did not look into `{name}`; this says nothing about its flows"
            missed[name] = Diagnostic("not-looked-into", message, app.subject.code.handlers[name].span)
    return missed


def _reaching_left_out(app: StagedApp) -> dict[str, Diagnostic]:
    """The handlers that reach a file which had to be left out."""
    found: dict[str, Diagnostic] = {}
    for file in app.left_out.values():
        message = (
            f"{file.file} takes Pyrefly more time than any file may, so it was left out, and flows through it are not "
            "seen: simplify its types"
        )
        diagnostic = Diagnostic("file-left-out", message, Span(file.file, 1, 0, 1, 0))
        reached = app.subject.code.reached.items()
        found |= {name: diagnostic for name, files in reached if file.file in files}
    return found


def _ambiguous(app: StagedApp, refused: frozenset[str]) -> dict[str, Diagnostic]:
    """The handlers whose functions could be no sources."""
    found = {}
    for name, callables in app.handlers.items():
        for receiver, callable_name in zip(app.receivers(name), callables, strict=True):
            if callable_name in refused:
                why, remedy = "is defined more than once, or where it is never reached", "keep one definition"
                if callable_name in app.unreadable:
                    why, remedy = "has letters in its name or its parameters that Pysa cannot read", "use ASCII letters"
                message = (
                    f"`{receiver.qualified}` {why}, so that flows from the events of `{name}` are not looked for: "
                    f"{remedy}"
                )
                module = app.subject.code.modules[receiver.file]
                found[name] = Diagnostic("ambiguous-handler", message, span_of(module, receiver.definition))
    return found


def _named(apps: Sequence[StagedApp]) -> str:
    roots = list(dict.fromkeys(app.subject.template.root for app in apps))
    return roots[0].name if len(roots) == 1 else f"{len(roots)} applications"
