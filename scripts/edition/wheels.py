"""The wheels that a kernel in the browser loads: those of this environment, as far as they are pure Python."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from edition.tools import HERE, ROOT, Failed

#: What the kernel itself needs (https://github.com/jupyterlite/pyodide-kernel); the kit's own needs come to it.
KERNEL = ("comm", "ipython", "jedi")
#: Those packages of the kit that JupyterLite replaces, and what no notebook in a browser uses.
_LEFT_OUT = frozenset({"jupyterlab", "jupyterlab-widgets", "widgetsnbextension", "pyre-check", "pyrefly"})
#: The Python in the browser, as requirements ask for it.
_BROWSER = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.2",
    "python_version": "3.14",
    "sys_platform": "emscripten",
}
#: What makes packages large and is of no use here: the types of libraries, the colours of five hundred languages.
_LARGE = re.compile(
    r"jedi/third_party/(django-stubs|typeshed/stubs)/"
    r"|IPython/sphinxext/"
    r"|pygments/lexers/(?!(__init__|_mapping|data|python|special)\.py$)"
)
_UNUSED = re.compile(r"\.(so|pyd|pyc|c|h)$|(^|/)(tests?|__pycache__)/|/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$")


def needed() -> list[str]:
    """The names of the packages of this environment that are loaded in the browser, in order."""
    found: set[str] = set()
    kit = [Requirement(text) for text in metadata.requires("sls-lab") or []]
    queue = [one for one in kit if _applies(one, "") or _applies(one, "lab")]
    queue += [Requirement(name) for name in (*KERNEL, "packaging")]
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if name in _LEFT_OUT or name in found:
            continue
        found.add(name)
        of_it = [Requirement(text) for text in metadata.requires(name) or []]
        queue += [one for one in of_it if any(_applies(one, extra) for extra in ("", *requirement.extras))]
    return sorted(found)


def _applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**_BROWSER, "extra": extra})


def write_wheels(folder: Path, brought: Path) -> None:
    """Write the wheels of all packages but the kit into `folder`; some are `brought` by the lock of this edition."""
    for name in needed():
        _write_wheel(metadata.distribution(name), folder)
    for one in metadata.distributions(path=[str(brought)]):
        if canonicalize_name(one.metadata["Name"]) == "micropip":
            _write_wheel(one, folder)
    for kernel in sorted(brought.glob("share/jupyter/labextensions/@jupyterlite/*/static/pypi/*.whl")):
        if not kernel.name.startswith("widgetsnbextension"):
            shutil.copy(kernel, folder)


def _write_wheel(distribution: metadata.Distribution, folder: Path) -> None:
    files = {
        str(file): Path(str(file.locate())).read_bytes()
        for file in distribution.files or ()
        if not str(file).startswith("..") and not _UNUSED.search(file.as_posix()) and not _LARGE.match(file.as_posix())
    }
    name = re.sub(r"[-_.]+", "_", distribution.metadata["Name"]).lower()
    write_archive(folder / f"{name}-{distribution.version}-py3-none-any.whl", files.items())


def write_archive(file: Path, contents: Iterable[tuple[str, bytes]]) -> None:
    """Write a ZIP archive that is the same each time it is written."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(contents):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def write_kit(folder: Path) -> None:
    """Write the kit's own wheel, course and all, and the wheel that prepares a kernel, into `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    if answer.returncode:
        raise Failed(f"the kit's own wheel could not be built:\n{answer.stderr.strip()}")
    write_archive(folder / "sls_lab_browser-1-py3-none-any.whl", _preparing())


def _preparing() -> Iterator[tuple[str, bytes]]:
    for file in sorted((HERE / "sls_lab_browser").glob("*.py")):
        yield f"sls_lab_browser/{file.name}", file.read_bytes()
    about = "sls_lab_browser-1.dist-info"
    yield f"{about}/METADATA", b"Metadata-Version: 2.1\nName: sls-lab-browser\nVersion: 1\nLicense: MIT\n"
    yield f"{about}/WHEEL", b"Wheel-Version: 1.0\nGenerator: sls-lab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
