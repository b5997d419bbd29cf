"""Build the slides: generate their parts, have Marp make HTML and PDF in build/slides, and look at every page.

Marp comes from npm, pinned in slides/package-lock.json, into .cache/marp. Nothing is fetched once it is there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import npm
from chromium import find_chromium
from deck.check import complaints
from deck.source import DECKS, FOLDER, assembled, refresh, slides

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "build" / "slides"
MARP = ROOT / ".cache" / "marp"


class Failed(Exception):
    """The slides cannot be built; the text says what to do."""


def main() -> None:
    """Build all decks."""
    chromium = find_chromium()
    if chromium is None:
        raise Failed("no Chromium was found: install the package chromium, or set CHROMIUM to its program")
    marp = install()
    for name in refresh():
        print(f"slides/{name} has changed: read the difference before you commit it.")
    BUILT.mkdir(parents=True, exist_ok=True)
    wrong = [f"{deck}, {sentence}" for deck in DECKS for sentence in build(marp, chromium, deck)]
    wrong += [f"{deck}, dark, {sentence}" for deck in DECKS for sentence in build_dark(marp, chromium, deck)]
    if wrong:
        raise Failed("\n  ".join(["these pages are not fit to be shown:", *wrong]))


def install() -> Path:
    """Marp's program, put into .cache/marp as locked where it is not there yet."""
    program = MARP / "node_modules" / ".bin" / "marp"
    if program.exists() and npm.installed(FOLDER, MARP):
        return program
    command = shutil.which("npm")
    if command is None:
        raise Failed("Marp needs Node.js 20 or newer, with npm. On Debian: apt install nodejs npm")
    print("Installing Marp from npm: half a minute the first time.", flush=True)
    if not npm.install([command], FOLDER, MARP):
        raise Failed("npm could not install Marp (its message stands above). Is there a network?")
    return program


def build(marp: Path, chromium: str, deck: str) -> list[str]:
    """Make HTML, PDF and notes of one deck; what a look at its pages finds wrong."""
    source = (FOLDER / deck).read_text(encoding="utf-8")
    text = assembled(source)
    html = convert(marp, chromium, text, deck, ".html")
    convert(marp, chromium, text, deck, ".pdf", "--pdf")
    convert(marp, chromium, text, deck, ".txt", "--notes")
    pages = slides(source)
    minutes = sum(page.minutes or 0 for page in pages)
    print(f"build/slides/{html.stem}: {len(pages)} slides, {minutes:g} minutes, .html .pdf .txt (notes)", flush=True)
    return complaints(html, chromium)


def build_dark(marp: Path, chromium: str, deck: str) -> list[str]:
    """Make HTML of one deck for a dark room; what a look at its pages finds wrong."""
    text = dark(assembled((FOLDER / deck).read_text(encoding="utf-8")))
    html = convert(marp, chromium, text, f"{Path(deck).stem}-dark.md", ".html")
    print(f"build/slides/{html.stem}: the same for a dark room, .html", flush=True)
    return complaints(html, chromium)


def dark(text: str) -> str:
    """The deck with the dark theme."""
    return text.replace("\ntheme: sls-lab\n", "\ntheme: sls-lab-dark\n", 1)


def convert(marp: Path, chromium: str, text: str, name: str, suffix: str, *options: str) -> Path:
    """Have Marp write one file of a deck into build/slides. Raises Failed."""
    given = BUILT / name
    given.write_text(text, encoding="utf-8")
    made = given.with_suffix(suffix)
    command = [str(marp), "--config", str(FOLDER / "marp.config.json"), "--no-stdin", str(given), *options]
    command += ["--browser-path", chromium, "--output", str(made)]
    answer = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    given.unlink()
    if answer.returncode:
        raise Failed(f"Marp could not convert {name}:\n{answer.stderr.strip()}")
    return made


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(f"The slides were not built: {failed}")
