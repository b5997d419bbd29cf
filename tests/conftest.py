"""What all tests share: golden files, and what to do where Pysa or a browser is missing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from chromium import find_chromium
from hypothesis import settings
from javascript import COMPILER

from sls_lab.taint import live_run

# No test waits by the clock, so none fails by it: a busy machine is no fault of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the golden files with what the code says now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with the file `golden/NAME` beside the test; with `--golden`, write that file instead."""
    folder = request.path.parent / "golden"

    def compare(name: str, text: str) -> None:
        file = folder / name
        if request.config.getoption("--golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
            return
        assert file.is_file(), f"{file} does not exist: run pytest with --golden to write it, then read it"
        expected = file.read_bytes().decode("utf-8")
        assert text == expected, f"differs from {file}: if that is meant, run pytest with --golden"

    return compare


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of results and a learner's progress for this run alone: the user's are neither read nor written to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.delenv("SLS_LAB_LEARNER", raising=False)
        yield


def _refuse(*_: object) -> None:
    pytest.fail("this test runs Pysa: mark it live, so that `make quick` leaves it out")


#: Programs of the kit that limit what they start, which Windows does not.
_LIMITING = ("/taint/run/launcher.py", "/replay/child/start.py")
_running: set[str] = set()  # the markers of the test that runs


def _notice(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: refuse what could not be started on Windows (https://docs.python.org/3/library/audit_events.html)."""
    if event != "subprocess.Popen" or not _running or _running & {"posix", "live", "browser"}:
        return
    command = arguments[1]
    words = [str(word) for word in command] if isinstance(command, list | tuple) else [str(command)]
    limiting = any(word.replace(os.sep, "/").endswith(_LIMITING) for word in words)
    if limiting or Path(words[0]).name in {"sh", "bash", "make"} or _is_shell_script(words[0]):
        _running.clear()
        pytest.fail(f"this test starts {' '.join(words)[:200]}: mark it posix, so that Windows leaves it out")


def _is_shell_script(program: str) -> bool:
    try:
        with Path(program).open("rb") as file:
            return file.read(9) == b"#!/bin/sh"
    except OSError:
        return False


sys.addaudithook(_notice)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let only tests that are marked live run Pysa, and only those marked posix what Windows cannot start."""
    with pytest.MonkeyPatch.context() as patch:
        if item.get_closest_marker("live") is None:
            patch.setattr(live_run, "find_programs", _refuse)
        _running.update({"test", *(marker.name for marker in item.iter_markers())})
        try:
            return (yield)
        finally:
            _running.clear()


@cache
def cannot_run() -> dict[str, str]:
    """The markers whose tests cannot run on this machine, each with the reason.

    Under CI everything must run: nothing is left out, and the tests fail where Pysa or Chromium is missing.
    """
    missing: dict[str, str] = {}
    if os.name == "nt":
        missing["posix"] = "needs what Windows has not: limits on programs, signals, named pipes, a shell"
    if shutil.which("node") is None:  # nobody needs it but who changes the widgets' scripts
        missing["node"] = "needs Node.js, which checks the scripts of the widgets"
    if os.environ.get("CI"):
        return missing
    chromium = find_chromium()
    if "node" not in missing and not COMPILER.is_file():
        missing["node"] = "needs TypeScript, which checks the scripts of the widgets: `make test` fetches it from npm"
    beside = Path(sys.executable).parent
    if not shutil.which("pyre.bin", path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}"):
        missing["live"] = "needs Pysa, which is not installed or has no wheel for this platform: see `sls-lab doctor`"
    if chromium is None:
        missing["browser"] = "needs Chromium: install the package chromium, or set CHROMIUM to its program"
    return missing


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the quick tests first, and leave out what this machine cannot run."""
    order = ("live", "browser")
    items.sort(key=lambda item: [item.get_closest_marker(marker) is not None for marker in reversed(order)])
    gone = [item for item in items if any(map(item.get_closest_marker, cannot_run()))]
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in gone]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, so that nobody takes it for passed."""
    for marker, why in cannot_run().items():
        terminalreporter.section(f"NOT RUN: the tests marked {marker}", yellow=True, bold=True)
        terminalreporter.line(f"This {why}.")
