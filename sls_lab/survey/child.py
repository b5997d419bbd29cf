"""Analyse several applications in a process of their own. Run as a module.

    python -m sls_lab.survey.child TASK RESULTS

TASK is a file with a JSON list of pairs of name and path. One JSON object a line is added to RESULTS for each
application, so that those that are done stay done whatever happens to the process.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from sls_lab.app import App, analyse, load_app
from sls_lab.facts import UnreadableApplication
from sls_lab.survey.record import record_of, record_of_problem


def run(task: Path, results: Path) -> None:
    """Analyse the applications that `task` names, in one run of Pysa."""
    apps: dict[str, App] = {}
    with results.open("a", encoding="utf-8") as out:
        for name, path in json.loads(task.read_text(encoding="utf-8")):
            app = load_app(path)
            try:
                _ = app.subject
            except UnreadableApplication as error:
                _write(out, record_of_problem(name, "no-application", str(error)))
            else:
                apps[name] = app
        if apps:
            analyse(list(apps.values()))
        for name, app in apps.items():
            _write(out, record_of(name, app))


def _write(out: Any, record: dict[str, Any]) -> None:
    out.write(json.dumps(record) + "\n")
    out.flush()
    os.fsync(out.fileno())


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
