"""Find Chromium for the browser tests; as a program, see to it that there is one and say which.

The order: the program that CHROMIUM names, an installed one, Debian's package (when run by root), Playwright's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from packages import is_root

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


@cache
def find_chromium() -> str | None:
    """The path of a Chromium that starts, or None."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen)
    installed = [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in (*installed, *MACOS, _playwrights_own()) if path and _starts(path)), None)


def _starts(program: str) -> bool:
    """Whether it runs: Ubuntu's `chromium-browser` may be a script that only says what to install."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _playwrights_own() -> str | None:
    """The Chromium that `playwright install chromium` has put, or would put, into the user's cache."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def _install() -> None:
    if shutil.which("apt-get") and is_root():
        print("No Chromium on this machine: installing Debian's package for the browser tests.", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # On a machine just started, an upgrade in the background may hold the lock.
        apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300")
        for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", "chromium"]):
            if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
                break
        find_chromium.cache_clear()
        if find_chromium():
            return
    print("No Chromium on this machine: fetching Playwright's own for the browser tests.", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    quiet = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if quiet.returncode:
        print("It could not be fetched.", *quiet.stderr.strip().splitlines()[-1:])
    find_chromium.cache_clear()


def main() -> None:
    """See to it that there is a Chromium, and say which one the tests use."""
    if find_chromium() is None and "CHROMIUM" not in os.environ:
        _install()
    if program := find_chromium():
        print(f"Browser tests use {program}.")
    else:
        print("There is no Chromium, so the browser tests cannot run: install the package chromium.")


if __name__ == "__main__":
    main()
