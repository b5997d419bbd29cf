"""Run Pyrefly and Pysa on a staging folder.

Pysa's own command, `pyre analyze`, is a Python client that prepares a file of settings and starts two programs:
Pyrefly, which finds out the types, and `pyre.bin`, which follows the taint. Starting them here saves the client's
start-up, which is as long as the analysis of a small application, and shows each one's exit code.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

#: what is in the staging folder besides the applications
MODELS = "models"
STUBS = "stubs"
RESULTS = "results"
TYPES = "types"
_TIMEOUT = 1800.0  #: seconds; no application comes near it, and a run that hangs must end

_PYREFLY_CONFIGURATION = """\
project-includes = ["**/*.py"]
project-excludes = ["{types}/**", "{results}/**", "{stubs}/**"]
check-unannotated-defs = true
infer-return-types = "checked"
search-path = [".", "{stubs}"]
site-package-path = []
skip-interpreter-query = true
disable-search-path-heuristics = true
python-version = "3.12.0"
python-platform = "linux"
"""


class PysaUnavailable(Exception):
    """Pysa or Pyrefly is not installed here."""


class PysaFailed(Exception):
    """A run ended without a result; the text says which program, and its last words. `errors` are those of models."""

    def __init__(self, message: str, errors: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class PysaPrograms:
    """The two programs of an installation."""

    pyrefly: Path
    pysa: Path


def find_programs() -> PysaPrograms:
    """The programs of this Python's environment, else those on the PATH. Raises PysaUnavailable."""
    pyrefly, pysa = _program("pyrefly"), _program("pyre.bin")
    missing = [name for name, path in (("pyrefly", pyrefly), ("pyre-check", pysa)) if path is None]
    if pyrefly is None or pysa is None:
        raise PysaUnavailable(f"{' and '.join(missing)} not found")
    return PysaPrograms(pyrefly, pysa)


def versions() -> Mapping[str, str]:
    """The versions of the installed tools, as far as this Python knows them."""
    found = {}
    for package in ("pyre-check", "pyrefly"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def run_pysa(programs: PysaPrograms, folder: Path) -> None:
    """Analyse what stands in `folder`; the results go to its folder `results`.

    Raises PysaFailed where a program ended otherwise than it does after a complete run. Pysa exits with 0 whether it
    found issues or not, with 9 for a bad `taint.config` and with 10 or 11 for bad models.
    """
    (folder / RESULTS).mkdir()
    configuration = _PYREFLY_CONFIGURATION.format(types=TYPES, results=RESULTS, stubs=STUBS)
    (folder / "pyrefly.toml").write_text(configuration, encoding="utf-8")
    export = [str(programs.pyrefly), "check", "--progress-bar=no", "--summary=none", "--output-format", "omit-errors"]
    # Type errors in the application (exit code 1) are none of our business.
    _run("Pyrefly", [*export, "--report-pysa", str(folder / TYPES)], folder, accepted=(0, 1))
    arguments = folder / "arguments.json"
    arguments.write_text(json.dumps(_arguments(folder)), encoding="utf-8")
    _run("Pysa", [str(programs.pysa), "analyze", str(arguments)], folder, accepted=(0,))


def _program(name: str) -> Path | None:
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / name).is_file():
            return folder / name
    found = shutil.which(name)
    return Path(found) if found else None


def _run(what: str, command: list[str], folder: Path, accepted: tuple[int, ...]) -> None:
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR", "LANG") if key in os.environ}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise PysaFailed(f"{what} did not end within {_TIMEOUT:.0f} seconds") from expired
    except OSError as error:
        raise PysaFailed(f"{what} could not be started: {error.strerror or error}") from error
    if done.returncode not in accepted:
        ended = f"was ended by signal {-done.returncode}" if done.returncode < 0 else f"ended with {done.returncode}"
        errors = _model_errors(done.stdout)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        last_words = errors[0] if errors else lines[-1].strip()[:300] if lines else ""
        raise PysaFailed(f"{what} {ended}{': ' if last_words else ''}{last_words}", errors)


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
        "python_version": {"major": 3, "minor": 12, "micro": 0},
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
