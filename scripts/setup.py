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

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
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
    usable = held.get("root") == str(ROOT) and (not chosen or held.get("python") == VERSION) and _runs(PYTHON)
    if usable and all(held.get(name) == value for name, value in wanted.items()):
        return
    started = time.monotonic()
    # The packages of one level are among those of the next: where only those are missing, they are added.
    if not (usable and held.get("lab") == wanted["lab"]):
        _remove()
        _say(f"Setting up .venv with Python {VERSION} ({sys.executable}).")
    _say(f"Installing the packages of {LOCKS[level].name}: a minute or two the first time.")
    if not _install_with_uv(LOCKS[level]):
        _install_with_pip(LOCKS[level])
    _copy_settings()
    kept = held if usable and held.get("lab") == wanted["lab"] else {}
    STAMP.write_text(json.dumps({**kept, "root": str(ROOT), "python": VERSION, **wanted}, indent=1) + "\n")
    _say(f"Set up in {time.monotonic() - started:.0f} s.")


def _wanted(level: str) -> dict[str, str]:
    """What the stamp must say: a hash of pyproject.toml and of the lock, for `level` and those below it."""
    files = (ROOT / "pyproject.toml", SETTINGS)
    common = b"".join(file.read_bytes() for file in files)
    return {name: hashlib.sha256(common + LOCKS[name].read_bytes()).hexdigest() for name in (*BELOW[level], level)}


def _held() -> dict[str, str]:
    try:
        held = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _remove() -> None:
    if ENVIRONMENT.exists():
        _say("The environment in .venv is out of date: making it anew.")
        shutil.rmtree(ENVIRONMENT)


def _install_with_uv(lock: Path) -> bool:
    """Try uv; it has its own configuration, so it may fail where pip works."""
    uv = shutil.which("uv")
    if uv is None or not _runs(Path(uv)):
        return False
    commands = [
        ["pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)],
        ["pip", "install", "--quiet", "--python", str(PYTHON), "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    ]
    if not PYTHON.exists():
        commands.insert(0, ["venv", "--quiet", "--python", sys.executable, str(ENVIRONMENT)])
    for command in commands:
        if (answer := _run(uv, *command)).returncode:
            _say(f"{_ending(answer)}\nuv did not manage (its message stands above): using pip.")
            return False
    return True


def _install_with_pip(lock: Path) -> None:
    if not _runs(PYTHON, "-m", "pip", "--version"):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        _make_environment()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for arguments in (
        ["--require-hashes", "-r", str(lock)],
        ["--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    ):
        if (answer := _run(*pip, *arguments)).returncode:
            raise Failed(f"pip could not install the packages. Is there a network? It says:\n{_ending(answer)}")


def _make_environment() -> None:
    """Make .venv with pip in it; Debian keeps what that needs in a package of its own."""
    package = f"python{VERSION}-venv"
    if not _can_import("ensurepip") and os.geteuid() == 0 and shutil.which("apt-get"):
        _say(f"Python cannot make virtual environments here: installing Debian's package {package}.")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # On a machine just started, an upgrade in the background may hold the lock.
        apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300")
        for command in ([*apt, "update"], [*apt, "install", "-y", package]):
            if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
                break
    if _can_import("ensurepip") and not _run(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)).returncode:
        return
    if _make_with_virtualenv():
        return
    raise Failed(
        "Python cannot make virtual environments here. Run `sudo apt install " + package + "` (Debian, Ubuntu), "
        "or install uv, and try again."
    )


def _make_with_virtualenv() -> bool:
    """Without root: virtualenv needs no package of Debian's, and pip puts it into a folder of this clone."""
    if _run(sys.executable, "-m", "virtualenv", "--quiet", str(ENVIRONMENT)).returncode == 0:
        return True
    folder = ROOT / ".cache" / "virtualenv"
    fetch = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(folder), "virtualenv"]
    if not folder.exists() and _run(sys.executable, *fetch).returncode:
        return False
    found = {"PYTHONPATH": str(folder)}
    return not _run(sys.executable, "-m", "virtualenv", "--quiet", str(ENVIRONMENT), extra=found).returncode


def _copy_settings() -> None:
    folder = ENVIRONMENT / "etc" / "jupyter" / "labconfig"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SETTINGS, folder / "default_setting_overrides.json")


def _can_import(module: str) -> bool:
    return _runs(Path(sys.executable), "-c", f"import {module}")


def _runs(program: Path, *arguments: str) -> bool:
    try:
        return not _run(str(program), *(arguments or ("--version",))).returncode
    except OSError:
        return False


def _run(*command: str, extra: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command, its output kept, without what would lead Python or pip to another place than .venv."""
    misleading = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    environment = {name: value for name, value in os.environ.items() if name not in misleading} | (extra or {})
    return subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def _ending(answer: subprocess.CompletedProcess[str]) -> str:
    """The last lines of what a command printed, where its error stands; warnings may run to hundreds of lines."""
    return "\n".join(f"  {line}" for line in answer.stdout.strip().splitlines()[-15:])


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
