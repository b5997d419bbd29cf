"""Run by the Python of the browser: compile the modules in each archive of /0, and write the archive anew to /1.

A kernel then starts in half the time. Of the kit the sources are kept beside what is compiled, since notebooks show
them; of all others the compiled form alone is needed.
"""

from __future__ import annotations

import importlib.util
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from pathlib import Path, PurePosixPath

WITH_SOURCES = ("sls_lab-", "sls_lab_browser-")
DATA = frozenset({"code-examples", "canary", "stubs", "support"})  # read as text, never imported
IN_PLACE = "python_stdlib.zip"  # read as it is: its modules are found by the archive's own name
TAG = importlib.util.cache_from_source("x.py").rpartition("/")[2].removeprefix("x.")


def compiled(source: bytes, shown: str) -> bytes | None:
    """What Python would store of a module, never to be compared with its source; None for what is no Python."""
    try:
        code = compile(source, shown, "exec", dont_inherit=True)
    except SyntaxError:
        return None
    data: bytes = _code_to_hash_pyc(code, importlib.util.source_hash(source), False)
    return data


def compile_archive(given: Path, made: Path) -> None:
    """Write `made`, which holds what `given` holds, compiled."""
    root = "/lib/python314.zip" if given.name == IN_PLACE else "/lib/python3.14/site-packages"
    keep = given.name.startswith(WITH_SOURCES)
    with zipfile.ZipFile(given) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            path = PurePosixPath(name)
            module = path.suffix == ".py" and not DATA & {*path.parts}
            code = compiled(data, f"{root}/{name}") if module else None
            if code is None or keep:
                new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, compresslevel=9)
            if code is not None:
                beside = path.parent / "__pycache__" / f"{path.stem}.{TAG}" if keep else path.with_suffix(".pyc")
                new.writestr(zipfile.ZipInfo(str(beside)), code, zipfile.ZIP_DEFLATED, compresslevel=9)


for archive in sorted(Path("/0").iterdir()):
    compile_archive(archive, Path("/1") / archive.name)
