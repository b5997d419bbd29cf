"""Run the doctor, then become JupyterLab with the first notebook of the learner's own copy of the course open.

Git does not track the copy, so that updating the clone never meets what a learner has written. Further arguments go to
JupyterLab.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from packages import is_root

from sls_lab.course import UnusableFolder, lay_course

ROOT = Path(__file__).resolve().parent.parent
FIRST = "notebooks/00-start-here.ipynb"
OWN = "my-course"


def has_display() -> bool:
    """Whether a browser can be opened here."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, named))


def first_notebook() -> str:
    """The first notebook of the learner's copy, brought up to date; where there can be none, that of the clone."""
    try:
        laid = lay_course(ROOT / OWN)
    except UnusableFolder as error:
        print(f"\nThe course is opened as it is in the clone: {error}.")
        return FIRST
    print(f"\nYour copy of the course is {OWN}; what you change there is yours.")
    for name in laid.outdated:
        print(f"Kept as you changed it, although there is a newer one: {name} (remove yours to get it)")
    return f"{OWN}/{FIRST}"


def main() -> None:
    """Start the lab."""
    beside = Path(sys.executable).parent
    os.environ["PATH"] = f"{beside}{os.pathsep}{os.environ.get('PATH', '')}"
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    doctor = subprocess.run([sys.executable, "-m", "sls_lab", "doctor"], check=False)
    if doctor.returncode:
        print("\nThe doctor found something missing, see above. What does not need it still works.")
    # The clone is the root, not its folder of notebooks, so that applications can be opened beside them. The address
    # of the notebook is the server's first page, so that it is also the one that is printed.
    arguments = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/{first_notebook()}", *sys.argv[1:]]
    if is_root():
        arguments.append("--allow-root")
    if not has_display():
        arguments.append("--no-browser")
    print("\nStarting JupyterLab; it prints the address to open. Ctrl-C twice ends it.\n", flush=True)
    command = [sys.executable, "-m", "jupyterlab", *arguments]
    if sys.platform == "win32":  # has no way to become another program
        sys.exit(subprocess.call(command))
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
