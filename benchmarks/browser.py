"""Measure how long a learner waits in the browser, and compare it with its bound.

    browser.py [--quick]

Times are medians of several runs: from `make lab` where all is set up (its doctor has Pysa find a flow first) to the
first event graph that is drawn, from the running of a widget's cell to its first display, and from a click in a source
of 2,000 lines to Python's description of the node. Exit status 1 when a bound is missed.
"""

from __future__ import annotations

import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from bench import Measure, verdict
from pages import PATIENCE, ROOT, chromium, free_port, runs_asked_for, wait_for_notebook
from playwright.sync_api import Browser, Page

START = """import sls_lab
from sls_lab.app import analyse
from sls_lab.widgets import *
app = sls_lab.load_app("../code-examples/apps/upload-chain")
analyse([app], raw=True)
print("ready")
long = "def handler(event, context):\\n" + "    total = sum(event[key] for key in event)\\n" * 2000"""
# What each widget shows once it is there.
WIDGETS = {
    "TemplateExplorer": ".sls-template [data-segment]",
    "AstExplorer": ".sls-ast [role=treeitem]",
    "EventGraphExplorer": ".sls-events g.node",
    "RewritingStepper": ".sls-rewriting [data-segment]",
    "TaintStepper": ".sls-taint [data-segment]",
    "Editor": ".sls-editor textarea",
}
# The time until a test holds, looked at with each frame that is painted; a minute is too long.
UNTIL = """const until = (test, started) => new Promise((resolve, reject) => {
    const look = () => test() ? resolve(performance.now() - started)
        : performance.now() > started + 60000 ? reject(new Error(`never: ${test}`)) : requestAnimationFrame(look);
    look();
});"""
# Run one cell; the time until something that fits the selector stands in its output and has been laid out.
RUN = f"""async ([number, selector]) => {{
    {UNTIL}
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = number;
    const cell = notebook.widgets[number].node;
    cell.scrollIntoView();
    const started = performance.now();
    const run = jupyterapp.commands.execute('notebook:run-cell');
    const time = await until(() => cell.querySelector(selector)?.getBoundingClientRect().height > 0, started);
    await run;
    return time;
}}"""
# Click a place in the source; the time until Python has described another node than before, told by its position.
CLICK = f"""async number => {{
    {UNTIL}
    const widget = [...document.querySelectorAll('.sls-ast')].at(-1);
    const described = () => [...widget.querySelectorAll('.sls-value')].map(value => value.textContent).join();
    const places = widget.querySelectorAll('.sls-source [data-segment]');
    const place = places[number % places.length];
    place.scrollIntoView();
    await new Promise(requestAnimationFrame);
    const before = described();
    const started = performance.now();
    place.click();
    return await until(() => described() && described() !== before, started);
}}"""


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, float]]:
    """JupyterLab as `make lab` starts it, doctor included; the address of a notebook, and when the start was."""
    port = free_port()
    token = secrets.token_hex(8)
    kept = ("config", "data", "runtime", "settings", "workspaces")
    names = (
        *("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"),
        *("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"),
    )
    environment = {**os.environ, **{name: str(folder / part) for name, part in zip(names, kept, strict=True)}}
    command = [sys.executable, str(folder / "clone" / "scripts" / "lab.py"), "--no-browser", f"--port={port}"]
    command += [f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True"]
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        while True:
            try:
                urllib.request.urlopen(f"{base}/api/status?token={token}", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if process.poll() is not None or time.monotonic() > started + 120:
                    sys.exit("JupyterLab did not start; `make lab` tells why.")
                time.sleep(0.02)
        yield f"{base}/lab/workspaces/{{0}}/tree/notebooks/{{0}}.ipynb?token={token}", started
    finally:
        process.terminate()
        process.wait()


def write_notebook(path: Path, cells: list[str]) -> None:
    """A notebook of these code cells."""
    content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(content, path)


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A page that shows a notebook whose kernel answers."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    wait_for_notebook(page)
    yield page
    page.close()


def run(page: Page, number: int, selector: str) -> float:
    """Run a cell; the seconds until what the selector names is drawn."""
    return float(page.evaluate(RUN, [number, selector])) / 1000


def measured(browser: Browser, folder: Path, runs: int) -> dict[str, list[float]]:
    """All times by what they are of."""
    times: dict[str, list[float]] = {}
    notebooks = folder / "clone" / "notebooks"
    graph = (
        'import sls_lab\nfrom sls_lab.widgets import EventGraphExplorer\nEventGraphExplorer(sls_lab.load_app("../{}"))'
    )
    write_notebook(notebooks / "graph.ipynb", [graph.format("code-examples/apps/upload-chain")])
    write_notebook(notebooks / "widgets.ipynb", [START, *(f"{name}(app)" for name in WIDGETS), "AstExplorer(long)"])
    for _ in range(runs):
        with server(folder) as (address, started):
            with opened(browser, address.format("graph")) as page:
                run(page, 0, WIDGETS["EventGraphExplorer"])
                times.setdefault("start", []).append(time.monotonic() - started)
            with opened(browser, address.format("widgets")) as page:
                run(page, 0, ".jp-OutputArea-output")
                for number, (name, selector) in enumerate(WIDGETS.items(), 1):
                    times.setdefault(name, []).append(run(page, number, selector))
                run(page, len(WIDGETS) + 1, WIDGETS["AstExplorer"])
                for place in (9001, 2003, 5005, 1007, 7011):
                    times.setdefault("click", []).append(float(page.evaluate(CLICK, place)))
    return times


def measures(times: dict[str, list[float]]) -> list[Measure]:
    """The table's lines."""
    middle: dict[str, float] = {name: statistics.median(values) for name, values in times.items()}
    first = Measure("from `make lab` to the first event graph", middle["start"], "s", 15)
    shown = [Measure(f"first display of {name}", middle[name], "s", 1) for name in WIDGETS]
    return [first, *shown, Measure("AstExplorer, 2,000 lines: click to answer", middle["click"], "ms", 100)]


def main() -> int:
    """Print the table."""
    runs = runs_asked_for(__doc__)
    with tempfile.TemporaryDirectory(prefix="sls-lab-bench-") as name, chromium() as browser:
        for part in ("notebooks", "code-examples", "scripts", "sls_lab"):
            ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            shutil.copytree(ROOT / part, Path(name) / "clone" / part, ignore=ignored)
        table = measures(measured(browser, Path(name), runs))
    return verdict(table)


if __name__ == "__main__":
    sys.exit(main())
