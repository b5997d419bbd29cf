"""`sls-lab watch`: analyse an application again whenever one of its files changes."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from sls_lab.app import App, analyse, load_app
from sls_lab.cli.console import FINE, CommandError, StepProgress, coloured, columns, complain, say
from sls_lab.cli.output import deliver
from sls_lab.cli.parser import options_of
from sls_lab.facts import DEFECTS, UnreadableApplication
from sls_lab.report.change import Known, as_change, known_flows
from sls_lab.silence import read_baseline

_TICK = 200  #: milliseconds after which the watcher looks whether it was interrupted


def run_watch(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab watch APP`: goes on until it is interrupted, which is its ordinary end."""
    if not arguments.app.is_dir():
        raise CommandError(f"{arguments.app} is not a folder")
    before: Known | None = None
    try:
        for changed in _changes(arguments.app):
            if changed:
                say(f"changed: {', '.join(changed)}")
            app = _analysed(arguments)
            if app is not None:
                text = as_change(app, before, columns=columns(sys.stdout), colour=coloured(sys.stdout))
                deliver(text, None)
                before = known_flows(app)
            say(f"waiting for changes in {arguments.app}; Ctrl-C ends it")
    except KeyboardInterrupt:
        return FINE
    return FINE


def _changes(folder: Path) -> Iterator[list[str]]:
    """Nothing at first, then each time the names of the files in `folder` that have changed.

    What changes between two answers is not lost: the watcher is there before the first. Hidden folders, environments
    and caches are not watched. Ends with the folder. Raises CommandError where the watcher is not installed.
    """
    if importlib.util.find_spec("watchfiles") is None:
        raise CommandError("watch needs the package watchfiles, which is not installed: pip install 'sls-lab[watch]'")
    from watchfiles import watch

    root = folder.resolve()
    started = False
    for changes in watch(root, rust_timeout=_TICK, yield_on_timeout=True):
        names = {Path(path).relative_to(root).as_posix() for _, path in changes if Path(path).is_relative_to(root)}
        if changes or not started:
            yield sorted(names)
            started = True
        if not root.is_dir():
            raise CommandError(f"{folder} is gone")


def _analysed(arguments: argparse.Namespace) -> App | None:
    """The application with its flows traced; None where it cannot be read as it is now, which is said."""
    baseline = read_baseline(arguments.baseline) if arguments.baseline is not None else None
    app = load_app(arguments.app, options_of(arguments), sources=arguments.sources, baseline=baseline)
    try:
        with StepProgress(quiet=arguments.quiet) as progress:
            analyse([app], progress=progress)
    except UnreadableApplication as error:
        complain(str(error))
    except DEFECTS as error:
        complain(f"sls-lab failed ({type(error).__name__}): please report it")
    else:
        return app
    return None
