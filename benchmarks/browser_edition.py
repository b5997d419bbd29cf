"""Measure how long a learner waits in the browser edition, and compare it with its bound.

    browser_edition.py [--quick]

Times are medians of several runs, in Chromium, from a plain file server on this machine: from the address of the first
page to the first event graph that is drawn, in a fresh profile (cold), and once more in the same one (warm). Exit
status 1 when a bound is missed.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import Measure, verdict
from pages import PATIENCE, ROOT, chromium, free_port, runs_asked_for, wait_for_notebook
from playwright.sync_api import BrowserContext

BUILT = ROOT / "build" / "lite"
GRAPH = """import sls_lab
from sls_lab.widgets import EventGraphExplorer
EventGraphExplorer(sls_lab.load_app("../code-examples/apps/upload-chain"))"""
# Run the graph as the first cell of the notebook that is shown.
RUN = """async code => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = 0;
    await jupyterapp.commands.execute('notebook:insert-cell-above');
    notebook.activeCell.model.sharedModel.setSource(code);
    await jupyterapp.commands.execute('notebook:run-cell');
}"""


@contextmanager
def server() -> Iterator[str]:
    """The address of the edition, as Python's own server gives it out."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(BUILT)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def first_graph(context: BrowserContext, address: str) -> float:
    """The seconds from the address to a graph that is drawn."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    started = time.monotonic()
    page.goto(address)
    wait_for_notebook(page)
    page.evaluate(RUN, GRAPH)
    page.locator(".sls-events g.node").first.wait_for()
    seconds = time.monotonic() - started
    page.close()
    return seconds


def main() -> int:
    """Print the table."""
    runs = runs_asked_for(__doc__)
    subprocess.run([sys.executable, str(ROOT / "scripts" / "lite.py")], check=True)
    cold, warm = [], []
    with server() as address, chromium() as browser:
        for _ in range(runs):
            context = browser.new_context()
            cold.append(first_graph(context, address))
            warm.append(first_graph(context, address))
            context.close()
    return verdict(
        [
            Measure("browser edition, first visit: to the first event graph", statistics.median(cold), "s", 20),
            Measure("browser edition, later visit: to the first event graph", statistics.median(warm), "s", 8),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
