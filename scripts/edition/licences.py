"""The licences of all that the browser edition gives out, in a folder of it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from edition.tools import HERE, ROOT, Failed

#: What wheels call the files that hold their licences.
_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
_ABOUT = """What this folder's neighbours are made of, and under which terms.

sls-lab          its own code; the licences of the Graphviz in its widgets are in its folder
jupyterlite      JupyterLite, and JupyterLab in it; what those are made of is listed in build/third-party-licenses.json
pyodide          Python for the browser, https://github.com/pyodide/pyodide
python           CPython and its library, which Pyodide compiles
emscripten       the compiler whose library Pyodide contains

Each other folder has the licence of the package of that name, as it is published on PyPI.
"""


def write_licences(folder: Path, archives: Path, packages: Path) -> None:
    """Write all licences into `folder`. Raises Failed for a package that has none."""
    for wheel in sorted(archives.glob("*.whl")):
        name = wheel.name.partition("-")[0].replace("_", "-")
        found = {Path(part).name: text for part, text in _in_wheel(wheel)}
        if name in ("sls-lab-browser", "ipykernel", "piplite", "pyodide-kernel") and not found:
            continue  # of sls-lab and of JupyterLite's kernel, which are listed below
        if not found:
            raise Failed(f"the package {name} has no licence among its files")
        for part, text in found.items():
            _write(folder / name / part, text)
    own = ROOT / "sls_lab" / "widgets" / "static" / "vendor"
    for file in (ROOT / "LICENSE", *sorted(own.glob("LICENSE-*"))):
        _write(folder / "sls-lab" / file.name, file.read_bytes())
    for file in packages.glob("jupyterlite_*.dist-info/licenses/LICENSE*"):
        _write(folder / "jupyterlite" / f"{file.parts[-3].partition('-')[0]}.txt", file.read_bytes())
    for file in (HERE / "licences").glob("*.txt"):
        _write(folder / file.stem / "LICENSE.txt", file.read_bytes())
    _write(folder / "emscripten" / "LICENSE.txt", (own / "LICENSE-emscripten.txt").read_bytes())
    _write(folder / "README.txt", _ABOUT.encode())


def _in_wheel(wheel: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            place, _, last = name.rpartition("/")
            if ".dist-info" in place and last.upper().startswith(_NAMES):
                yield name, archive.read(name)


def _write(file: Path, text: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
