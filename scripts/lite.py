"""Build the browser edition in build/lite: the whole course as files that any web server can give out.

What it is built with is put into .cache/lite, and nothing is fetched once it is there. Where nothing has changed, a
second run has nothing to do.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from edition import site, tools, wheels
from edition.tools import HERE, LOCK, PLACE, ROOT, Failed

BUILT = ROOT / "build" / "lite"
#: What the edition is made of, relative to the clone.
_SOURCES = ("sls_lab", "notebooks", "code-examples", "scripts/edition", "scripts/lite.py", "pyproject.toml")
_LOCKS = ("requirements.lock", LOCK.name)
#: What decides on the compiled form of the libraries.
_COMPILING = tuple(
    f"scripts/edition/{name}" for name in ("wheels.py", "compile.mjs", "compile_archives.py", "package-lock.json")
)
_PASSED_OVER = frozenset({"__pycache__", ".ipynb_checkpoints"})


def main() -> None:
    """Build what has changed."""
    stamp = PLACE / "built"
    wanted = digest((*_SOURCES, *_LOCKS))
    if stamp.is_file() and stamp.read_text() == wanted and (BUILT / "index.html").is_file():
        print(f"build/lite is up to date: {size(BUILT):.1f} MB")
        return
    started = time.monotonic()
    stamp.unlink(missing_ok=True)
    packages, pyodide = tools.packages(), tools.pyodide()
    archives = PLACE / "archives"
    archives.mkdir(parents=True, exist_ok=True)
    compile_libraries(archives, packages, pyodide)
    compile_kit(archives, pyodide)
    print("Putting JupyterLite, Python and the course together.", flush=True)
    site.build(BUILT, packages, pyodide, archives)
    stamp.write_text(wanted)
    print(f"build/lite has the browser edition: {size(BUILT):.1f} MB, built in {time.monotonic() - started:.0f} s")
    print("To try it: python3 -m http.server --directory build/lite, then open http://localhost:8000")


def compile_libraries(archives: Path, packages: Path, pyodide: Path) -> None:
    """Compile Python's own library and all packages but the kit; they change with the locks alone."""
    stamp = PLACE / "libraries"
    wanted = digest((*_LOCKS, *_COMPILING))
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Compiling Python's library and the packages: a quarter of a minute the first time.", flush=True)
    shutil.rmtree(archives)
    archives.mkdir()
    with tempfile.TemporaryDirectory(prefix="sls-lab-lite-") as name:
        folder = Path(name)
        wheels.write_wheels(folder, packages)
        shutil.copy(pyodide / "python_stdlib.zip", folder)
        compile_archives(folder, archives, pyodide)
    stamp.write_text(wanted)


def compile_kit(archives: Path, pyodide: Path) -> None:
    """Compile the kit, course and all."""
    print("Compiling the kit.", flush=True)
    for old in archives.glob("sls_lab*.whl"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="sls-lab-lite-") as name:
        wheels.write_kit(Path(name))
        compile_archives(Path(name), archives, pyodide)


def compile_archives(given: Path, made: Path, pyodide: Path) -> None:
    """Have Pyodide compile the modules in all archives of a folder. Raises Failed."""
    command = map(str, (tools.node()[0], HERE / "compile.mjs", pyodide, HERE / "compile_archives.py", given, made))
    answer = subprocess.run([*command], capture_output=True, text=True, errors="replace", check=False)
    if answer.returncode:
        raise Failed(f"Node.js could not compile the modules:\n{answer.stderr.strip()}")


def digest(sources: tuple[str, ...]) -> str:
    """A SHA-256 over names and contents of files and folders of the clone."""
    total = hashlib.sha256()
    for file in files(sources):
        data = file.read_bytes()
        total.update(f"{file.relative_to(ROOT).as_posix()}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


def files(sources: tuple[str, ...]) -> Iterator[Path]:
    """The files of the clone that are named, and those in the folders that are."""
    for name in sources:
        place = ROOT / name
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (file for file in found if file.is_file() and not _PASSED_OVER & {*file.parts})


def size(folder: Path) -> float:
    """The size of all files in a folder, in megabytes (of a million bytes)."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(f"The browser edition was not built: {failed}")
