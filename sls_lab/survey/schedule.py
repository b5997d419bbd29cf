"""Share the applications of a survey among workers: processes of this machine, or those of a Dask cluster."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from importlib import import_module
from typing import Any

from sls_lab.facts import MissingPackages
from sls_lab.facts.telling import Telling, silent
from sls_lab.survey.batch import Job, SurveyLimits, run_batch
from sls_lab.survey.collecting import Collected
from sls_lab.survey.journal import Journal

__all__ = ["SurveyLimits", "survey"]

BATCH = 8  #: applications that share one start of Pysa


def survey(
    collected: Sequence[Collected],
    journal: Journal,
    *,
    limits: SurveyLimits = SurveyLimits(),  # noqa: B008 -- frozen
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Telling = silent,
) -> None:
    """Analyse those of `collected` that `journal` has no record of, and add their records as they come.

    `workers` is how many batches are analysed at a time (one for each processor where None). `scheduler` is the address
    of a Dask cluster, whose workers must see the same files. Raises MissingPackages where Dask is not installed.
    """
    left = [one for one in collected if one.name not in journal.records]
    batches = [
        [(one.name, str(one.path.resolve())) for one in left[at : at + BATCH]] for at in range(0, len(left), BATCH)
    ]
    started, done = time.monotonic(), 0
    results = _on_cluster(batches, limits, scheduler) if scheduler else _here(batches, limits, workers)
    for records in results:
        for record in records:
            journal.add(record)
        done += len(records)
        seconds = (time.monotonic() - started) / done * (len(left) - done)
        progress(f"{done} of {len(left)} applications, about {_time(seconds)} left")


def _here(batches: Iterable[list[Job]], limits: SurveyLimits, workers: int | None) -> Iterator[list[dict[str, Any]]]:
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        waiting: set[Future[list[dict[str, Any]]]] = {pool.submit(run_batch, batch, limits) for batch in batches}
        try:
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        finally:
            for future in waiting:
                future.cancel()


def _on_cluster(batches: Sequence[list[Job]], limits: SurveyLimits, scheduler: str) -> Iterator[list[dict[str, Any]]]:
    try:
        distributed: Any = import_module("distributed")  # its functions have no types
    except ImportError as error:
        raise MissingPackages("distributed", "cluster") from error
    with distributed.Client(scheduler, set_as_default=False) as client:
        # A worker that dies takes its batch with it; Dask gives it to another one.
        futures = client.map(run_batch, batches, [limits] * len(batches), pure=False, retries=2)
        for future in distributed.as_completed(futures, loop=client.loop):
            yield future.result()


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
