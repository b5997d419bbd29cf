"""Run Pyrefly and Pysa on a staging folder.

Pysa's own command, `pyre analyze`, is a Python client that prepares a file of settings and starts two programs:
Pyrefly, which finds out the types, and `pyre.bin`, which follows the taint. Starting them here saves the client's
start-up, which is as long as the analysis of a small application, and shows each one's exit code.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import signal
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sls_lab.facts import NO_PROCESSES, in_browser
from sls_lab.taint.run.programs import ProgramFailed, run_program

#: what is in the staging folder besides the applications; without a typeshed there, Pyrefly takes its own
MODELS = "models"
STUBS = "stubs"
TYPESHED = "typeshed"
RESULTS = "results"
TYPES = "types"
#: What all code is read for, whatever it runs on.
PYTHON = (3, 12)
PLATFORM = "linux"
_PYREFLY = "Pyrefly"
#: Seconds of processor time: those that any run may take, and more for each megabyte of code. Both programs take one
#: or two for most applications; what takes twenty times that has no end.
_SECONDS = {_PYREFLY: (20, 30), "Pysa": (60, 120)}
_ABORTED = -signal.SIGABRT  #: how a program of Rust ends whose stack overflows
_BOUNDED = ("--recursion-depth-limit", "200", "--recursion-overflow-handler", "break-with-placeholder")
_SECONDS_ALONE = 5  #: for a few files by themselves

_PYREFLY_CONFIGURATION = """\
project-includes = ["**/*.py"]
project-excludes = ["{types}/**", "{results}/**", "{stubs}/**", "{typeshed}/**"]
check-unannotated-defs = true
infer-return-types = "checked"
search-path = [".", "{stubs}"]
site-package-path = []
skip-interpreter-query = true
disable-search-path-heuristics = true
python-version = "{python}"
python-platform = "{platform}"
"""


_INSTALLED: Final = re.compile(r"(?P<package>pyre_check|pyrefly)-(?P<version>[^-]+)\.dist-info")


class PysaUnavailable(Exception):
    """Pysa or Pyrefly is not installed here."""


class PysaFailed(Exception):
    """A run ended without a result; the message says which program, and its last words.

    `errors` are those of models. `by_pyrefly` says that types were still being found out.
    """

    def __init__(self, message: str, errors: tuple[str, ...] = (), *, by_pyrefly: bool = False) -> None:
        super().__init__(message)
        self.errors = errors
        self.by_pyrefly = by_pyrefly


@dataclass(frozen=True, slots=True)
class PysaPrograms:
    """The two programs of an installation."""

    pyrefly: Path
    pysa: Path


def find_programs() -> PysaPrograms:
    """The programs of this Python's environment, else those on the PATH. Raises PysaUnavailable."""
    if in_browser():
        raise PysaUnavailable(NO_PROCESSES)
    pyrefly, pysa = _program("pyrefly"), _program("pyre.bin")
    missing = [name for name, path in (("pyrefly", pyrefly), ("pyre-check", pysa)) if path is None]
    if pyrefly is None or pysa is None:
        raise PysaUnavailable(f"{' and '.join(missing)} not found")
    return PysaPrograms(pyrefly, pysa)


def versions() -> Mapping[str, str]:
    """The versions of the installed tools, as far as this Python knows them.

    They are in the names of the folders that installers write
    (https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-dist-info-directory).
    `importlib.metadata` says the same, but takes a tenth of the time of an answer from the cache to be imported.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for entry in Path(folder).iterdir():
                if match := _INSTALLED.fullmatch(entry.name):
                    found.setdefault(match["package"].replace("_", "-"), match["version"])
    return dict(sorted(found.items()))


def run_pysa(programs: PysaPrograms, folder: Path) -> bool:
    """Analyse what is in `folder`; the results go to its folder `results`. Says whether types were cut short.

    Where Pyrefly's stack overflows, which by chance it does for chains of some hundred calls, it is run once more with
    a bound on their depth (https://pyrefly.org/en/docs/configuration/#recursion-depth-limit).

    Raises PysaFailed where a program ended otherwise than it does after a complete run, or takes longer than code of
    this size can. Pysa exits with 0 whether it found issues or not, with 9 for a bad `taint.config` and with 10 or 11
    for bad models.
    """
    (folder / RESULTS).mkdir()
    size = sum(file.stat().st_size for file in folder.glob("app_*/**/*.py")) / 1024**2
    limits = {what: round(base + more * size) for what, (base, more) in _SECONDS.items()}
    # Type errors in the application (exit code 1) do not matter here.
    code = _run(_PYREFLY, _export(programs, folder), folder, limits[_PYREFLY], accepted=(0, 1, _ABORTED))
    if code == _ABORTED:
        shutil.rmtree(folder / TYPES, ignore_errors=True)
        command = [*_export(programs, folder), *_BOUNDED]
        _run(_PYREFLY, command, folder, limits[_PYREFLY], accepted=(0, 1))
    arguments = folder / "arguments.json"
    arguments.write_text(json.dumps(_arguments(folder)), encoding="utf-8")
    _run("Pysa", [str(programs.pysa), "analyze", str(arguments)], folder, limits["Pysa"], accepted=(0,))
    return code == _ABORTED


def types_end(programs: PysaPrograms, folder: Path, files: Sequence[str]) -> bool:
    """Whether Pyrefly comes to an end with a few of the files that are in `folder`, and with what they import."""
    size = sum((folder / file).stat().st_size for file in files) / 1024**2
    seconds = round(_SECONDS_ALONE + _SECONDS[_PYREFLY][1] * size)
    try:
        _run(_PYREFLY, [*_export(programs, folder), *files], folder, seconds, accepted=(0, 1))
    except PysaFailed:
        return False
    return True


def write_settings(folder: Path) -> None:
    """Write Pyrefly's settings into a staging folder. Raises OSError."""
    configuration = _PYREFLY_CONFIGURATION.format(
        types=TYPES,
        results=RESULTS,
        stubs=STUBS,
        typeshed=TYPESHED,
        python=".".join(map(str, PYTHON)),
        platform=PLATFORM,
    )
    if (folder / TYPESHED).is_dir():
        configuration += f'typeshed-path = "{TYPESHED}"\n'
    (folder / "pyrefly.toml").write_text(configuration, encoding="utf-8")


def _export(programs: PysaPrograms, folder: Path) -> list[str]:
    write_settings(folder)
    export = [str(programs.pyrefly), "check", "--progress-bar=no", "--summary=none", "--output-format", "omit-errors"]
    return [*export, "--report-pysa", str(folder / TYPES)]


def _program(name: str) -> Path | None:
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / name).is_file():
            return folder / name
    found = shutil.which(name)
    return Path(found) if found else None


def _run(what: str, command: list[str], folder: Path, seconds: int, accepted: tuple[int, ...]) -> int:
    """The exit code of a program, one of those `accepted`. Raises PysaFailed."""
    try:
        done = run_program(what, command, folder, seconds)
    except ProgramFailed as error:
        raise PysaFailed(str(error), by_pyrefly=what == _PYREFLY) from error
    if done.code not in accepted:
        ended = f"was ended by signal {-done.code}" if done.code < 0 else f"ended with {done.code}"
        errors = _model_errors(done.output)
        lines = [line for line in done.errors.splitlines() if line.strip()]
        last_words = errors[0] if errors else lines[-1].strip()[:300] if lines else ""
        message = f"{what} {ended}{': ' if last_words else ''}{last_words}"
        raise PysaFailed(message, errors, by_pyrefly=what == _PYREFLY)
    return done.code


def _model_errors(stdout: str) -> tuple[str, ...]:
    """What Pysa says of models that it refuses."""
    try:
        return tuple(str(error["description"]) for error in json.loads(stdout)["errors"])
    except (ValueError, LookupError, TypeError):
        return ()


def _arguments(folder: Path) -> dict[str, Any]:
    """The settings that Pysa's client would write.

    `infer_argument_tito` lets a helper that fills a file be understood like the call it makes; traces need every
    transformation, and above the maximum Pysa drops all of them.
    """
    return {
        "source_paths": {"kind": "simple", "paths": []},
        "search_paths": [],
        "excludes": [],
        "checked_directory_allowlist": [],
        "checked_directory_blocklist": [],
        "extensions": [],
        "log_path": str(folder / RESULTS),
        "global_root": str(folder),
        "debug": True,
        "python_version": {"major": PYTHON[0], "minor": PYTHON[1], "micro": 0},
        "shared_memory": {"heap_size": 1 << 27, "dependency_table_power": 1, "hash_table_power": 18},
        "parallel": False,
        "number_of_workers": 1,
        "additional_logging_sections": ["-progress"],
        "disable_model_shaping": False,
        "infer_self_tito": True,
        "infer_argument_tito": True,
        "maximum_tito_positions": 500,
        "no_verify": False,
        "group_missing_module_errors": False,
        "verify_dsl": False,
        "verify_taint_config_only": False,
        "pyrefly_results": str(folder / TYPES),
        "strict": False,
        "taint_model_paths": [str(folder / MODELS)],
        "check_invariants": False,
        "limit_entrypoints": False,
        "compact_ocaml_heap": False,
        "compute_coverage": False,
        "save_results_to": str(folder / RESULTS),
    }
