"""Whether everything is there that an analysis needs, proven by one that is run."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from sls_lab.code import read_code
from sls_lab.events import link_events
from sls_lab.facts import SlsLabError, in_browser
from sls_lab.facts.telling import Telling
from sls_lab.rewrite import rewrite
from sls_lab.taint.kept.cache import cache_folder
from sls_lab.taint.run.pysa import PysaUnavailable, find_programs
from sls_lab.taint.run.temporary import ROOM_NEEDED, staging_folder
from sls_lab.taint.staging.staged_folder import Subject
from sls_lab.taint.tracing import trace_taint
from sls_lab.template import Options, read_template

ExaminedState = Literal["ok", "missing", "optional"]

CANARY = Path(__file__).parents[1] / "canary"
_PATIENCE = 30.0  #: seconds for a program to print its help
_SLOW = 10.0  #: seconds; the canary takes about two
_OLDEST_PYTHON = (3, 11)
# https://pypi.org/project/pyre-check/0.10.0/#files
_WHEELS = {("linux", "x86_64"), ("darwin", "arm64")}
_PACKAGES = ("pyre-check", "pyrefly")
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)\s*==\s*(?P<version>[^\s;,]+)")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_INSTALL = "run `make lab` once more, or `pip install sls-lab` into a new environment"


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at. `optional` is missing, but analyses run without it.

    `detail` says what was found, `remedy` what to do (empty where all is well).
    """

    name: str
    state: ExaminedState
    detail: str
    remedy: str = ""


def examine(progress: Telling | None = None) -> tuple[Examined, ...]:
    """Look at everything an analysis needs, and analyse an application whose flow is known.

    Takes about three seconds and removes what it makes. Never raises for what it finds missing. `progress` is told
    what is looked at.
    """
    tell = progress or (lambda _: None)
    findings: list[Examined] = []
    if in_browser():
        return (*_python(), *_browser())
    for what, look, for_pysa in (
        ("Python", _python, False),
        ("the platform", _platform, False),
        ("the packages", _packages, True),
        ("Pysa", _programs, True),
        ("the staging folder", _staging, True),
        ("the cache", _cache, False),
        ("optional programs", _optional, False),
        ("a flow that is known", _canary, True),
    ):
        if for_pysa and not _may_have_pysa():  # nothing that its user could do would bring it
            continue
        tell(f"looking at {what}")
        findings.extend(look())
    return tuple(findings)


def healthy(findings: tuple[Examined, ...]) -> bool:
    """Whether nothing is missing that a live analysis needs."""
    return all(finding.state != "missing" for finding in findings)


def _python() -> Iterator[Examined]:
    found = platform.python_version()
    if sys.version_info[:2] >= _OLDEST_PYTHON:
        yield Examined("Python", "ok", found)
    else:
        wanted = ".".join(map(str, _OLDEST_PYTHON))
        yield Examined("Python", "missing", found, f"install Python {wanted} or later and make the environment again")


def _platform() -> Iterator[Examined]:
    machine = platform.machine()
    detail = f"{platform.system()} {machine}"
    if (sys.platform, machine) in _WHEELS:
        yield Examined("platform", "ok", detail)
    else:
        remedy = "Pysa comes for Linux x86-64 and macOS arm64: use one (a container will do), or recorded results"
        yield Examined("platform", "missing", f"{detail}: there is no Pysa for it", remedy)


def _may_have_pysa() -> bool:
    """Whether Pysa comes for this platform, or was built here."""
    if (sys.platform, platform.machine()) in _WHEELS:
        return True
    try:
        find_programs()
    except PysaUnavailable:
        return False
    return True


def _browser() -> Iterator[Examined]:
    """What there is to know of a browser: Pysa and the simulated AWS are programs, and will not be found."""
    remedy = "step 5 and replays show what was recorded; with `make lab` on a computer they run live"
    yield Examined("browser", "optional", "steps 1 to 4 run here", remedy)


def _packages() -> Iterator[Examined]:
    pins = _pins()
    for name in _PACKAGES:
        wanted = pins.get(name)
        expected = f"the kit is made for {wanted}" if wanted else "the kit's pins are not known, it is not installed"
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Examined(name, "missing", "not installed", f"{expected}: {_INSTALL}")
            continue
        if wanted is None or found == wanted:
            yield Examined(name, "ok", found if wanted else f"{found} ({expected})")
        else:
            yield Examined(name, "missing", f"{found}, but {expected}", f"pip install {name}=={wanted}")


def _pins() -> dict[str, str]:
    """The exact versions that the installed kit asks for; empty where it runs without being installed."""
    try:
        wanted = metadata.requires("sls-lab") or []
    except metadata.PackageNotFoundError:
        return {}
    matches = (_PIN.match(requirement) for requirement in wanted)
    return {match["name"]: match["version"] for match in matches if match}


def _programs() -> Iterator[Examined]:
    try:
        programs = find_programs()
    except PysaUnavailable as error:
        yield Examined("Pysa", "missing", str(error), _INSTALL)
        return
    for name, command in (
        ("Pysa", [str(programs.pysa), "--help=plain"]),
        ("Pyrefly", [str(programs.pyrefly), "--version"]),
    ):
        failure = _failure(command)
        if failure is None:
            yield Examined(name, "ok", f"{Path(command[0]).name} runs")
        else:
            remedy = f"install {'pyre-check' if name == 'Pysa' else 'pyrefly'} anew: {_INSTALL}"
            yield Examined(name, "missing", f"{command[0]} does not run: {failure}", remedy)


def _failure(command: list[str]) -> str | None:
    """Why a program does not run, None where it does."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {_PATIENCE:.0f} seconds"
    except OSError as error:
        return error.strerror or str(error)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        return f"exit code {done.returncode}, {last[0]}"
    return None


def _staging() -> Iterator[Examined]:
    try:
        with staging_folder() as folder:
            place, free = folder.parent, shutil.disk_usage(folder).free
    except OSError as error:
        detail = f"cannot be written: {error.strerror or error}"
        yield Examined("staging folder", "missing", detail, "free some space, or set TMPDIR to a folder with room")
        return
    detail = f"{place}, {free // 1024**2:,} MB free"
    if free < ROOM_NEEDED:
        remedy = f"{ROOM_NEEDED // 1024**2} MB are needed: free some space, or set TMPDIR to a folder with room"
        yield Examined("staging folder", "missing", detail, remedy)
    else:
        yield Examined("staging folder", "ok", detail)


def _cache() -> Iterator[Examined]:
    folder = cache_folder()
    if folder is None:
        remedy = "set XDG_CACHE_HOME to a folder that can be written to; without it every analysis runs again"
        yield Examined("cache", "optional", "this user has no home folder", remedy)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        remedy = "set XDG_CACHE_HOME to a folder that can be written to; without it every analysis runs again"
        yield Examined("cache", "optional", f"{folder} cannot be written: {error.strerror or error}", remedy)
        return
    # As its user writes it: what the doctor says may be shown to a room, or printed on a page.
    home = os.environ.get("HOME")
    shown = f"~/{folder.relative_to(home)}" if home and folder.is_relative_to(home) else str(folder)
    yield Examined("cache", "ok", shown)


def _optional() -> Iterator[Examined]:
    if importlib.util.find_spec("jupyterlab"):
        yield Examined("JupyterLab", "ok", metadata.version("jupyterlab"))
    else:
        yield Examined(
            "JupyterLab", "optional", "not installed", "only the notebooks need it: pip install 'sls-lab[lab]'"
        )
    dot = shutil.which("dot")
    if dot:
        yield Examined("Graphviz", "ok", dot)
    else:
        yield Examined("Graphviz", "optional", "no dot program", "pictures are drawn without it; nothing to do")
    browser = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if browser:
        yield Examined("Chromium", "ok", browser)
    else:
        yield Examined("Chromium", "optional", "not found", "only the browser tests need it: apt install chromium")


def _canary() -> Iterator[Examined]:
    started = time.perf_counter()
    name = "known flow"
    try:
        template = read_template(CANARY, Options())
        code = read_code(template)
        events = link_events(template, code, frozenset())
        subject = Subject(template, code, events, rewrite(code, events), frozenset({"public"}))
        report = trace_taint([subject], use_cache=False)[0]
    except (SlsLabError, OSError) as error:
        yield Examined(name, "missing", f"the canary application cannot be read: {error}", _INSTALL)
        return
    seconds = time.perf_counter() - started
    found = [(flow.source.handler, flow.sink.handler) for flow in report.flows]
    if report.analysed != "live":
        reason = next((diagnostic.message for diagnostic in report.diagnostics), "Pysa did not run")
        yield Examined(name, "missing", reason, "see to what is missing above")
    elif found != [("sing", "listen")]:
        detail = f"the canary has one flow, from sing to listen; {len(found)} found in {seconds:.1f} s"
        yield Examined(name, "missing", detail, f"results of this installation cannot be trusted: {_INSTALL}")
    elif seconds > _SLOW:
        remedy = "it takes two seconds on a usual machine: let other programs end, or set TMPDIR to a faster disk"
        yield Examined(name, "optional", f"found through two handlers, but only after {seconds:.0f} s", remedy)
    else:
        yield Examined(name, "ok", f"found live through two handlers in {seconds:.1f} s")
