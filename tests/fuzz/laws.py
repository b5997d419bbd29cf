"""What must hold for every application, however wrong it is."""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft7Validator, Draft202012Validator

from sls_lab import App, load_app
from sls_lab.facts import Diagnostic, Span, UnreadableApplication, split_lines
from sls_lab.python.later_syntax import parse_module
from sls_lab.report.json import as_json
from sls_lab.report.sarif import as_sarif
from sls_lab.report.text import as_text
from sls_lab.taint import TaintReport
from sls_lab.taint.staging.staged_folder import stage
from sls_lab.template.shared.template_kind import look_at
from tests.fuzz.specimens import Specimen

SECONDS: Final = 5.0  #: of processor time for the first four steps
MEGABYTES: Final = 500
_HANGING: Final = 30.0
_ROOT: Final = Path(__file__).parents[2]
_TEMPLATES: Final = (".yml", ".yaml", ".json", ".template")


@dataclass(frozen=True)
class Broken:
    """A law that one specimen breaks."""

    law: str
    detail: str


class _Hangs(BaseException):
    """The time that any input may take is over: no `except Exception` on the way may hold it up."""


@contextmanager
def _not_for_ever() -> Iterator[None]:
    def end(*_: object) -> None:
        raise _Hangs

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, _HANGING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _memory() -> int:
    """The most memory that this process has had, in megabytes."""
    import resource  # which Windows has not

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def broken_laws(specimen: Specimen, *, twice: bool = False, reports: bool = False) -> list[Broken]:
    """The laws that the first four steps over a specimen break.

    `twice` rewrites what was rewritten, `reports` writes every report as if nothing had been found.
    """
    with tempfile.TemporaryDirectory(prefix="sls-lab-fuzz-") as scratch:
        app = load_app(specimen.write(Path(scratch) / "once"))
        started = time.process_time()
        try:
            with _not_for_ever():
                _ = app.rewriting
                seconds = time.process_time() - started
                found = [*_costs(seconds), *_honest(app, specimen), *_edits(app), *_parses(app)]
                # An event to a handler that is not seen is written nowhere: nothing shows that it was written before.
                if twice and not app.code.unseen:
                    found += _twice(app, Path(scratch) / "twice")
                if reports:
                    found += _reports(app)
                return found
        except UnreadableApplication:
            return []
        except _Hangs:
            return [Broken("ends", f"takes more than {_HANGING} seconds")]
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            return [Broken("no traceback", f"{type(error).__name__}: {error} at {place.filename}:{place.lineno}")]


def _costs(seconds: float) -> Iterator[Broken]:
    if seconds > SECONDS:
        yield Broken("little time", f"{seconds:.1f} seconds")
    memory = _memory()
    if memory > MEGABYTES:
        yield Broken("little memory", f"{memory} MB")


def diagnostics(app: App) -> list[Diagnostic]:
    """What the first four steps say."""
    rooms = (app.template, app.code, app.events, app.rewriting)
    return [*(one for room in rooms for one in room.diagnostics), *app.code.unseen.values()]


def _honest(app: App, specimen: Specimen) -> Iterator[Broken]:
    """Every function is a handler or said not to be seen, and the file that was touched is reflected or named."""
    names = {function.name for function in app.template.functions}
    for name in names - app.code.handlers.keys() - app.code.unseen.keys():
        yield Broken("complete is honest", f"{name} is neither seen nor unseen")
    said = diagnostics(app)
    for one in said:
        if not one.message.strip() or "\n" in one.message:
            yield Broken("one sentence", f"{one.code}: {one.message!r}")
    touched = specimen.touched
    named = any(touched == one.span.file or touched in one.message for one in said if one.span)
    read = touched in app.template.texts or touched in app.code.modules
    if not named and not read and touched.endswith(_TEMPLATES) and _is_template(specimen):
        yield Broken("nothing vanishes", f"{touched} is neither read nor named")
    if (
        not named
        and not read
        and touched.endswith(".py")
        and "moved" not in specimen.how
        and "beside" not in specimen.how
    ):
        reached = {file for files in app.code.reached.values() for file in files}
        if touched in reached:
            yield Broken("nothing vanishes", f"{touched} is reached, and neither read nor named")


def _is_template(specimen: Specimen) -> bool:
    data = specimen.files.get(specimen.touched)
    return data is not None and "node_modules" not in specimen.touched and look_at(specimen.touched, data) is not None


def _edits(app: App) -> Iterator[Broken]:
    for file, rewritten in app.rewriting.files.items():
        lines = split_lines(rewritten.original)
        for edit in rewritten.edits:
            if not _inside(edit.span, file, lines):
                yield Broken("edits lie in their file", f"{edit.kind} at {edit.span}")


def _inside(span: Span, file: str, lines: list[str]) -> bool:
    last = len(lines) + 1
    ends = [(span.line, span.column), (span.end_line, span.end_column)]
    return span.file == file and all(
        1 <= line <= last and 0 <= column <= (len(lines[line - 1]) if line <= len(lines) else 0)
        for line, column in ends
    )


def _parses(app: App) -> Iterator[Broken]:
    texts = {f"rewritten {file}": one.text for file, one in app.rewriting.files.items()}
    texts |= {f"staged {file}": one.text for file, one in stage(0, app.subject).files.items()}
    for what, text in texts.items():
        try:
            parse_module(text)
        except (SyntaxError, ValueError, RecursionError) as error:
            yield Broken("what is written parses", f"{what}: {error}")


def _twice(app: App, folder: Path) -> Iterator[Broken]:
    shutil.copytree(app.path, folder, symlinks=True)
    for name, text in {**app.template.texts, **{file: one.text for file, one in app.rewriting.files.items()}}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    again = load_app(folder)
    for file, rewritten in again.rewriting.files.items():
        if file in app.rewriting.files and rewritten.text != app.rewriting.files[file].text:
            yield Broken("rewriting twice adds nothing", file)


@cache
def _validators() -> tuple[Any, Any]:
    own = json.loads((_ROOT / "sls_lab/report/schema.json").read_text(encoding="utf-8"))
    official = json.loads((_ROOT / "tests/report/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    return Draft202012Validator(own), Draft7Validator(official)


def _reports(app: App) -> Iterator[Broken]:
    app.flows = TaintReport((), "live", dict(app.code.unseen), (), (), (), {"pyrefly": "1"})
    as_text([app], columns=80, colour=False, explain=True)
    own, official = _validators()
    for what, validator, text in (("JSON", own, as_json([app])), ("SARIF", official, as_sarif([app], version="1"))):
        for error in list(validator.iter_errors(json.loads(text)))[:1]:
            yield Broken("reports validate", f"{what}: {error.message[:200]}")
