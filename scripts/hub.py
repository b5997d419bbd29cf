"""Start a class server on this machine: JupyterHub, its proxy, and the course in every home. See `--help`.

The proxy comes from npm, pinned in deploy/hub/proxy/package-lock.json, into .cache/hub.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sys
from pathlib import Path

import npm

ROOT = Path(__file__).resolve().parent.parent
HUB = ROOT / "deploy" / "hub"
PROXY = ROOT / ".cache" / "hub"
_SHORTEST = 8


class Failed(Exception):
    """The server cannot be started; the text says what to do."""


def main() -> None:
    """Set up what is missing, then become JupyterHub."""
    parser = argparse.ArgumentParser(prog="make hub HUB_ARGS=…", description="Start a class server on this machine.")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "hub", help="homes and state (build/hub)")
    parser.add_argument("--address", default="http://127.0.0.1:8000", help="where to serve (http://127.0.0.1:8000)")
    parser.add_argument(
        "--word", default=os.environ.get("SLS_LAB_CLASS_WORD", ""), help="the class word; made up if none"
    )
    arguments = parser.parse_args()
    word = arguments.word or f"{secrets.choice(_FIRST)}-{secrets.choice(_SECOND)}-{secrets.randbelow(90) + 10}"
    if len(word) < _SHORTEST:
        raise Failed(f"the class word has to have {_SHORTEST} characters or more")
    start(arguments.folder.absolute(), arguments.address, word)


_FIRST = ("amber", "quiet", "brisk", "lunar", "misty", "royal", "sunny", "vivid")
_SECOND = ("harbour", "meadow", "lantern", "orchard", "compass", "thunder", "granite", "willow")


def environment(folder: Path, address: str, word: str) -> dict[str, str]:
    """What the configuration reads. Keys are made once for a folder, so that a restart is not noticed."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "SLS_LAB_HUB_FOLDER": str(folder),
        "SLS_LAB_HUB_ADDRESS": address,
        "SLS_LAB_CLASS_WORD": word,
        "SLS_LAB_ROOM_KEY": kept(folder / "room-key"),
        "SLS_LAB_PROXY": str(proxy()),
        "CONFIGPROXY_AUTH_TOKEN": kept(folder / "proxy-token"),
    }


def start(folder: Path, address: str, word: str) -> None:
    """Say where everything is, and become JupyterHub."""
    surroundings = environment(folder, address, word)
    print(f"\nLearners open {address}, choose a name, and log in with the class word {word}")
    print(f"You see the class at {address}/services/room/?key={surroundings['SLS_LAB_ROOM_KEY']}")
    print(f"Homes and state are in {folder}. Ctrl-C ends the hub; the servers of learners go on until it is back.\n")
    sys.stdout.flush()
    os.chdir(folder)
    os.execve(sys.executable, command(), surroundings)


def command() -> list[str]:
    """JupyterHub with the configuration of `deploy/hub`."""
    return [sys.executable, "-m", "jupyterhub", "--config", str(HUB / "jupyterhub_config.py")]


def proxy() -> Path:
    """JupyterHub's proxy, put into .cache/hub as locked where it is not there yet."""
    if not npm.installed(HUB / "proxy", PROXY):
        program = shutil.which("npm")
        if program is None:
            raise Failed("JupyterHub's proxy needs Node.js 20 or newer, with npm. On Debian: apt install nodejs npm")
        print("Installing JupyterHub's proxy from npm.", flush=True)
        if not npm.install([program], HUB / "proxy", PROXY):
            raise Failed("npm could not install the proxy (its message stands above). Is there a network?")
    return PROXY / "node_modules" / ".bin" / "configurable-http-proxy"


def kept(file: Path) -> str:
    """A secret that lasts as long as the folder; only its owner can read it."""
    if not file.is_file():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_hex(24))
    return file.read_text()


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"{failure}")
