"""Step 5: from rewritten applications to flows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sls_lab.facts.telling import Telling, silent
from sls_lab.taint.kept.cache import cache_folder, cached, keep
from sls_lab.taint.kept.digest import run_digest
from sls_lab.taint.model import TaintReport
from sls_lab.taint.run.pysa import versions
from sls_lab.taint.staging.staged_folder import StagedApp, Subject, stage
from sls_lab.taint.untraced import from_recording, guarded


def trace_taint(
    subjects: Sequence[Subject],
    *,
    progress: Telling = silent,
    use_cache: bool = True,
    use_recording: bool = False,
) -> list[TaintReport]:
    """The report of each application; those that the cache does not know are analysed in one Pysa run.

    Never raises for what a run may meet: where Pysa is missing or fails, a recording answers, and where there is none
    every handler is reported as not analysed, with the reason.
    """
    if use_recording:
        return [from_recording(subject, None) for subject in subjects]
    folder = cache_folder()
    questions = _plan(subjects)
    reports = _answered(questions, folder) if use_cache and folder is not None else {}
    for root in dict.fromkeys(question.subject.template.root for question in questions if question.number in reports):
        progress(f"{root.name}: unchanged, answered from the cache")
    for group in _groups([question for question in questions if question.number not in reports]):
        staged: list[StagedApp] = []
        for question in group:
            app = guarded(question.subject, stage, question.number, question.subject)
            if isinstance(app, TaintReport):
                reports[question.number] = app
            else:
                staged.append(app)
        if not staged:
            continue
        # Not before it is needed: to load what reads Pysa's output takes longer than an answer from the cache may.
        from sls_lab.taint.live_run import run_together

        answered = [question for question in group if question.number not in reports]
        for question, report in zip(answered, run_together(staged, progress), strict=True):
            reports[question.number] = report
            if report.analysed == "live" and use_cache and folder is not None:
                keep(question.key, report, folder)
    return [reports[question.number] for question in questions]


@dataclass(frozen=True, slots=True)
class _Question:
    """One application to analyse: its number among all that were asked for, and the key of its answer in the cache."""

    number: int
    subject: Subject
    key: str


def _plan(subjects: Sequence[Subject]) -> list[_Question]:
    """Number the applications; the same question has the same key as long as the tools are the same."""
    tools = "-".join(versions().values())
    return [_Question(number, subject, f"{run_digest(subject)}-{tools}") for number, subject in enumerate(subjects)]


def _answered(questions: Sequence[_Question], folder: Path) -> dict[int, TaintReport]:
    """The answers that the cache knows, by the question's number."""
    known = {question.number: cached(question.key, folder) for question in questions}
    return {number: report for number, report in known.items() if report is not None}


def _groups(questions: Sequence[_Question]) -> Iterator[list[_Question]]:
    """The questions that are answered by one run of Pysa.

    Models of a user's own are of one application, and would apply to the others' calls as well.
    """
    together = [question for question in questions if not question.subject.models]
    if together:
        yield together
    yield from ([question] for question in questions if question.subject.models)
