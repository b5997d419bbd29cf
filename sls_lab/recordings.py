"""Record what live runs of applications give, so that machines without Pysa can show it."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import get_args

from sls_lab.app import App, analyse
from sls_lab.events.model import Knowledge
from sls_lab.facts.telling import Telling, silent
from sls_lab.scratch import copy_application, write_inside
from sls_lab.taint import Run
from sls_lab.taint import record as store


@dataclass(frozen=True, slots=True)
class Edited:
    """One edited copy: the new sources of some of the application's files, and models beside the kit's own."""

    texts: Mapping[str, str]
    models: str = ""


def record(
    apps: Sequence[App],
    variants: Mapping[str, Mapping[str, Edited]] | None = None,
    *,
    progress: Telling = silent,
    use_cache: bool = True,
) -> None:
    """Write the `recorded.json` of each application again, all from one Pysa run.

    It answers for the application as it is, with each kind of knowledge ignored and with all, and for edited copies:
    `variants` gives by an application's name its edited copies by a few words for each. Every run is recorded with and
    without the rewriting. Raises UnreadableApplication, UnusableChange, NoRecording where Pysa does not run, and
    OSError.
    """
    with tempfile.TemporaryDirectory(prefix="sls-lab-") as scratch:
        wanted: list[dict[str, App]] = []
        for app in apps:
            app = replace(app, silence=False, timings={})  # a recording has all that Pysa finds
            _ = app.template  # report an unreadable application before spending time on the others
            edited = (variants or {}).get(app.name, {})
            copies = {what: edited_copy(app, one, Path(tempfile.mkdtemp(dir=scratch))) for what, one in edited.items()}
            wanted.append({**variants_of(app), **copies})
        analyse(
            list(chain.from_iterable(one.values() for one in wanted)), progress=progress, use_cache=use_cache, raw=True
        )
        today = datetime.datetime.now(datetime.UTC).date()
        for app, one in zip(apps, wanted, strict=True):
            runs = [run for what, variant in one.items() for run in _runs(what, variant)]
            store(app.template.root, runs, today)


def variants_of(app: App) -> dict[str, App]:
    """The application as it is, with each kind of knowledge ignored, and with all, each by a few words."""
    every: tuple[Knowledge, ...] = get_args(Knowledge)
    ignoring = {
        f"{', '.join(ignored)} ignored": replace(app, ignore=frozenset(ignored), timings={})
        for ignored in (*((one,) for one in every), every)
    }
    return {"as it is": app, **ignoring}


def edited_copy(app: App, edited: Edited, folder: Path) -> App:
    """A copy of the application below `folder`, its recording included, with these files replaced.

    Raises UnusableChange, also for a file that would be outside the copy.
    """
    root = folder / app.name
    copy_application(app.path, root)
    for name, text in edited.texts.items():
        write_inside(root, name, text)
    return replace(app, path=root, models=edited.models, timings={})


def _runs(what: str, app: App) -> tuple[Run, Run]:
    return Run(what, app.subject, app.flows), Run(f"{what}, not rewritten", app.raw_subject, app.raw_flows)
