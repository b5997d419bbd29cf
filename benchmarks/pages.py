"""What both browser benchmarks share: Chromium, ports, and a notebook in a page that is ready."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from chromium import find_chromium  # noqa: E402  (it is in the folder of the scripts)

PATIENCE = 120_000  #: milliseconds that a page may take for anything
_SHOWN = "() => Boolean(window.jupyterapp?.shell.currentWidget?.content?.widgets)"
_READY = """async () => {
    const shown = jupyterapp.shell.currentWidget;
    await shown.context.ready;
    await shown.sessionContext.ready;
}"""


def runs_asked_for(about: str | None) -> int:
    """How many runs of each the arguments of the program ask for: `--quick` is one instead of three."""
    parser = argparse.ArgumentParser(description=about.partition("\n")[0] if about else None)
    parser.add_argument("--quick", action="store_true", help="one run of each instead of three")
    return 1 if parser.parse_args().quick else 3


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium; ends the program with a sentence where there is none."""
    found = find_chromium()
    if found is None:
        sys.exit("There is no Chromium: install the package chromium, or set CHROMIUM to its program.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def wait_for_notebook(page: Page) -> None:
    """Return when a notebook is shown and its kernel answers."""
    page.wait_for_function(_SHOWN)
    page.evaluate(_READY)
