"""What a kernel in the browser does before a notebook's first cell."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

#: Where JupyterLite shows the learner's files, which the browser keeps (https://jupyterlite.readthedocs.io).
DRIVE: Final = Path("/drive")
EXAMPLES: Final = "code-examples"


def prepare() -> None:
    """Lay out the course as a clone has it, keep progress among the learner's files, and load what notebooks use.

    The examples are kept in memory: the learner's files are read one by one through the page, which takes too long for
    fifty applications. Where the browser gives no access to files (a private window, an address without `https` that is
    not this computer's own), the course works all the same, and nothing is kept.
    """
    os.environ["XDG_DATA_HOME"] = str(DRIVE)
    _look_last_in_the_learners_folder()
    if DRIVE.is_dir():
        _mount_memory(DRIVE, EXAMPLES)
    else:
        (DRIVE / "notebooks").mkdir(parents=True)
        os.chdir(DRIVE / "notebooks")
    course = import_module("sls_lab.course").course_folder()
    shutil.copytree(course / EXAMPLES, DRIVE / EXAMPLES, dirs_exist_ok=True)
    import_module("sls_lab.widgets")
    import_module("sls_lab_browser.nulls").keep_nulls()


def _look_last_in_the_learners_folder() -> None:
    """Find modules among the packages first: each look into the learner's files is a question to the page."""
    sys.path.sort(key=lambda entry: entry == "")


def _mount_memory(folder: Path, name: str) -> None:
    """Make a folder in memory that only Python sees; among the learner's files there is none of this name."""
    from pyodide_js import FS

    files: Any = FS
    if not (folder / name).is_dir():
        files.createNode(files.lookupPath(str(folder)).node, name, 0o40777, 0)
    files.mount(files.filesystems.MEMFS, {}, f"{folder}/{name}")
