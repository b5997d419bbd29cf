"""Install packages: by uv where it is installed and works, else by pip. Nothing but the standard library is used."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

#: What would lead Python or pip to another place than the environment that is meant.
MISLEADING = frozenset({"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"})


def working_uv() -> str | None:
    """The program uv, None where it is missing or does not start (the stand-ins of version managers may not)."""
    uv = shutil.which("uv")
    return uv if uv is not None and runs(uv) else None


def by_uv(python: Path) -> list[str] | None:
    """The command by which uv installs packages for `python`, None where there is no uv."""
    uv = working_uv()
    return None if uv is None else [uv, "pip", "install", "--quiet", "--python", str(python)]


def by_pip(python: Path) -> list[str]:
    """The command by which pip installs packages for `python`, whose environment must have it."""
    return [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def install(command: Sequence[str], *requests: Sequence[str]) -> str:
    """Carry out `requests` one after the other, each the rest of `command`.

    Returns what was printed last where one fails, else the empty string.
    """
    for request in requests:
        answer = run(*command, *request)
        if answer.returncode:
            return ending(answer) or f"  {command[0]} ended with {answer.returncode}"
    return ""


def run(*command: str, more: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command, its output kept; `more` variables are added to its environment. Raises OSError."""
    environment = {name: value for name, value in os.environ.items() if name not in MISLEADING} | dict(more or {})
    return subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def is_root() -> bool:
    """Whether packages of the system can be installed; Windows has no such user."""
    number = getattr(os, "geteuid", None)
    return number is not None and number() == 0


def runs(program: str, *arguments: str) -> bool:
    """Whether a program starts and ends well, by default when it is asked for its version."""
    try:
        return not run(program, *(arguments or ("--version",))).returncode
    except OSError:
        return False


def ending(answer: subprocess.CompletedProcess[str]) -> str:
    """The last lines of what a command printed, where its error is; warnings may run to hundreds of lines."""
    return "\n".join(f"  {line}" for line in answer.stdout.strip().splitlines()[-15:])
