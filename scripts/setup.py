"""Make the virtual environment in .venv, exactly as locked; quick when nothing changed.

    setup.py lab|test|mutants|hub [--chosen]

`lab` installs what the kit needs (`requirements.lock`), `test` what its tests need too (`requirements-test.lock`),
`mutants` what `make mutants` needs beyond that (`requirements-mutants.lock`), and `hub` what the kit and a class server
need (`requirements-hub.lock`).
Run by the Python that the environment shall have; `--chosen` says that the user asked for this very one. It uses
nothing but the standard library. A stamp in .venv says what it holds, so that a second run has nothing to do.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from packages import by_pip, by_uv, ending, install, is_root, run, runs

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / "sls-lab.json"
LOCKS = {
    "lab": ROOT / "requirements.lock",
    "test": ROOT / "requirements-test.lock",
    "mutants": ROOT / "requirements-mutants.lock",
    "hub": ROOT / "requirements-hub.lock",
}
#: The levels whose packages are among those of each.
BELOW: dict[str, tuple[str, ...]] = {"lab": (), "test": ("lab",), "mutants": ("lab", "test"), "hub": ("lab",)}
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
# Settings of JupyterLab that hold in this environment alone: ask no server for news, ask the user nothing at the start.
SETTINGS = ROOT / "scripts" / "jupyterlab-settings.json"


class Failed(Exception):
    """A step of the set-up failed; the text says what to do."""


def main(level: str, chosen: bool) -> None:
    wanted = _wanted(level)
    held = _held()
    usable = held.get("root") == str(ROOT) and (not chosen or held.get("python") == VERSION) and runs(str(PYTHON))
    if usable and all(held.get(name) == value for name, value in wanted.items()):
        return
    started = time.monotonic()
    # The packages of one level are among those of the next: where only those are missing, they are added.
    if not (usable and held.get("lab") == wanted["lab"]):
        _remove()
        _say(f"Setting up .venv with Python {VERSION} ({sys.executable}).")
    _say(f"Installing the packages of {LOCKS[level].name}: a minute or two the first time.")
    _install(LOCKS[level])
    _copy_settings()
    kept = held if usable and held.get("lab") == wanted["lab"] else {}
    stamp = json.dumps({**kept, "root": str(ROOT), "python": VERSION, **wanted}, indent=1)
    STAMP.write_text(f"{stamp}\n", encoding="utf-8")
    _say(f"Set up in {time.monotonic() - started:.0f} s.")


def _wanted(level: str) -> dict[str, str]:
    """What the stamp must say: a hash of pyproject.toml and of the lock, for `level` and those below it."""
    files = (ROOT / "pyproject.toml", SETTINGS)
    common = b"".join(file.read_bytes() for file in files)
    return {name: hashlib.sha256(common + LOCKS[name].read_bytes()).hexdigest() for name in (*BELOW[level], level)}


def _held() -> dict[str, str]:
    try:
        held = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _remove() -> None:
    if ENVIRONMENT.exists():
        _say("The environment in .venv is out of date: making it anew.")
        shutil.rmtree(ENVIRONMENT)


def _install(lock: Path) -> None:
    requests = (
        ["--require-hashes", "-r", str(lock)],
        ["--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    )
    # uv has a configuration of its own, so that it may fail where pip works.
    uv = by_uv(PYTHON)
    if uv is not None and (PYTHON.exists() or _make_with_uv(uv[0])):
        if not (said := install(uv, *requests)):
            return
        _say(f"{said}\nuv did not manage (its message is above): using pip.")
    if not runs(str(PYTHON), "-m", "pip", "--version"):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        _make_environment()
    if said := install(by_pip(PYTHON), *requests):
        raise Failed(f"pip could not install the packages. Is there a network? It says:\n{said}")


def _make_with_uv(uv: str) -> bool:
    answer = run(uv, "venv", "--quiet", "--python", sys.executable, str(ENVIRONMENT))
    if answer.returncode:
        _say(f"{ending(answer)}\nuv did not manage (its message is above): using pip.")
    return not answer.returncode


def _make_environment() -> None:
    """Make .venv with pip in it; Debian keeps what that needs in a package of its own."""
    package = f"python{VERSION}-venv"
    if not _can_import("ensurepip") and is_root() and shutil.which("apt-get"):
        _say(f"Python cannot make virtual environments here: installing Debian's package {package}.")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # On a machine just started, an upgrade in the background may hold the lock.
        apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300")
        for command in ([*apt, "update"], [*apt, "install", "-y", package]):
            if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
                break
    if _can_import("ensurepip") and not run(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)).returncode:
        return
    if _make_with_virtualenv():
        return
    raise Failed(
        "Python cannot make virtual environments here. Run `sudo apt install " + package + "` (Debian, Ubuntu), "
        "or install uv, and try again."
    )


def _make_with_virtualenv() -> bool:
    """Without root: virtualenv needs no package of Debian's, and pip puts it into a folder of this clone."""
    if run(sys.executable, "-m", "virtualenv", "--quiet", str(ENVIRONMENT)).returncode == 0:
        return True
    folder = ROOT / ".cache" / "virtualenv"
    fetch = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(folder), "virtualenv"]
    if not folder.exists() and run(sys.executable, *fetch).returncode:
        return False
    found = {"PYTHONPATH": str(folder)}
    return not run(sys.executable, "-m", "virtualenv", "--quiet", str(ENVIRONMENT), more=found).returncode


def _copy_settings() -> None:
    folder = ENVIRONMENT / "etc" / "jupyter" / "labconfig"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SETTINGS, folder / "default_setting_overrides.json")


def _can_import(module: str) -> bool:
    return runs(sys.executable, "-c", f"import {module}")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1], chosen="--chosen" in sys.argv)
    except Failed as failed:
        sys.exit(f"Set-up failed: {failed}")
    except PermissionError as refused:
        sys.exit(
            f"Set-up failed: {refused.filename} may not be written. Clone into a folder of your own and run again."
        )
