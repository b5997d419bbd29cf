"""Analyse a batch of applications in a child process, and one by one where the batch does not come to its end."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sls_lab.survey.record import record_of_problem
from sls_lab.taint.run.programs import ProgramFailed, TookTooLong, run_program

Job = tuple[str, str]  #: the name and the path of one application


@dataclass(frozen=True, slots=True)
class SurveyLimits:
    """What one application may take: seconds of processor time, and megabytes of memory."""

    seconds: int = 120
    megabytes: int = 2_000


def run_batch(jobs: Sequence[Job], limits: SurveyLimits) -> list[dict[str, Any]]:
    """One record for each of `jobs`, in their order; never raises for what an application does to the child."""
    records, problem = _run(jobs, limits)
    missing = [job for job in jobs if job[0] not in records]
    if len(jobs) == 1 and missing:
        records[jobs[0][0]] = record_of_problem(jobs[0][0], "failed", problem)
    elif missing:
        for job in missing:  # one of them ends the child: which one is seen when each has its own
            records[job[0]] = run_batch([job], limits)[0]
    return [records[name] for name, _ in jobs]


def _run(jobs: Sequence[Job], limits: SurveyLimits) -> tuple[dict[str, dict[str, Any]], str]:
    with tempfile.TemporaryDirectory(prefix="sls-lab-survey-") as scratch:
        task, results = Path(scratch, "task.json"), Path(scratch, "results.jsonl")
        task.write_text(json.dumps(list(jobs)), encoding="utf-8")
        command = [sys.executable, "-m", "sls_lab.survey.child", str(task), str(results)]
        problem = ""
        try:
            seconds = limits.seconds * len(jobs)
            ended = run_program("the analysis", command, Path.cwd(), seconds, megabytes=limits.megabytes)
            if ended.code:
                lines = ended.errors.strip().splitlines() or [f"exit status {ended.code}"]
                problem = f"the analysis ended early: {lines[-1][:200]}"
        except TookTooLong:
            problem = f"the analysis took more than {limits.seconds} seconds of processor time"
        except ProgramFailed as error:
            problem = str(error)
        return {record["app"]: record for record in _read(results)}, problem or "the analysis gave no answer"


def _read(results: Path) -> Iterator[dict[str, Any]]:
    data = results.read_bytes() if results.exists() else b""
    for line in data[: data.rfind(b"\n") + 1].splitlines():
        yield json.loads(line)
