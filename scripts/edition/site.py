"""The browser edition as files for a web server: JupyterLite, Pyodide, the wheels, and the course."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from edition.licences import write_licences
from edition.tools import HERE, PLACE, ROOT, Failed

FIRST: Final = "notebooks/00-start-here.ipynb"
_KERNEL: Final = "@jupyterlite/pyodide-kernel-extension"
_RUNTIME: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_STARTUP: Final = "/lib/python3.14/site-packages/sls_lab_browser/startup.py"
#: What no page of this edition asks for: sources of JupyterLite, and fonts for browsers before 2016.
_UNUSED: Final = ("rspack.*.js", "package.json", "jupyterlite.schema.v0.json", "doc", "build/fa-*.[!w]*")


#: How the largest parts of JupyterLite that no notebook asks for are recognised: they lay out diagrams of Markdown.
_DIAGRAMS: Final = (b"org.eclipse.elk.layered", b"cytoscape")


def build(site: Path, packages: Path, pyodide: Path, archives: Path) -> None:
    """Write everything into the folder `site`, which is emptied first. Raises Failed."""
    course = PLACE / "course"
    shutil.rmtree(course, ignore_errors=True)
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        copy(notebook, course / "files" / "notebooks" / notebook.name)
    for picture in sorted((ROOT / "notebooks" / "pictures").iterdir()):
        copy(picture, course / "files" / "notebooks" / "pictures" / picture.name)
    copy(HERE / "progress.md", course / "files" / "sls-lab" / "README.md")
    copy(HERE / "overrides.json", course / "overrides.json")
    _jupyterlite(site, course, packages)
    # A page asks for a picture beside itself, before JupyterLab tells it that the notebook is elsewhere.
    shutil.copytree(ROOT / "notebooks" / "pictures", site / "lab" / "pictures")
    for pattern in _UNUSED:
        for thing in site.glob(pattern):
            shutil.rmtree(thing) if thing.is_dir() else thing.unlink()
    for script in site.glob("build/*.js"):
        text = script.read_bytes()
        if any(mark in text for mark in _DIAGRAMS):
            script.unlink()
    copy(HERE / "index.html", site / "index.html")
    copy(site / "lab" / "favicon.ico", site / "favicon.ico")
    kernel = site / "static" / "pyodide"
    for name in _RUNTIME:
        copy(pyodide / name, kernel / name)
    for archive in archives.iterdir():
        copy(archive, kernel / archive.name)
    write_licences(site / "licences", archives, packages)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    wheels = [_locked(wheel) for wheel in sorted(archives.glob("*.whl"))]
    written = {"info": lock["info"], "packages": {wheel["name"]: wheel for wheel in wheels}}
    (kernel / "pyodide-lock.json").write_text(json.dumps(written, indent=1), encoding="utf-8")
    _configure(site / "jupyter-lite.json", [wheel["name"] for wheel in wheels])


def copy(file: Path, to: Path) -> None:
    """Copy a file, and make the folder that it goes to."""
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)


def _jupyterlite(site: Path, course: Path, packages: Path) -> None:
    """Have JupyterLite write its own pages, the widgets' extensions of this environment, and the notebooks."""
    extension = packages / "share" / "jupyter" / "labextensions" / _KERNEL
    options = {
        "apps": ["lab"],
        "cache_dir": str(PLACE / "jupyterlite"),
        "contents": [str(course / "files")],
        "federated_extensions": [str(extension)],
        "lite_dir": str(course),
        "no_sourcemaps": True,
        "output_dir": str(site),
    }
    config = course / "jupyter_lite_config.json"
    config.write_text(json.dumps({"LiteBuildConfig": options}), encoding="utf-8")
    shutil.rmtree(site, ignore_errors=True)
    path = os.pathsep.join([*map(str, [packages]), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "JUPYTER_PREFER_ENV_PATH": "1"}
    command = [sys.executable, "-m", "jupyterlite_core.app", "build", f"--config={config}"]
    answer = subprocess.run(
        command, cwd=course, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if answer.returncode:
        said = "\n".join(f"  {line}" for line in (answer.stdout + answer.stderr).strip().splitlines()[-15:])
        raise Failed(f"JupyterLite could not be built. It says:\n{said}")


def _locked(wheel: Path) -> dict[str, Any]:
    """What Pyodide has to know of a wheel (https://pyodide.org/en/stable/development/new-packages.html)."""
    name, version, *_ = wheel.name.split("-")
    return {
        "name": re.sub(r"[-_.]+", "-", name).lower(),
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [],
        "depends": [],
        "unvendored_tests": False,
    }


def _configure(file: Path, packages: Iterable[str]) -> None:
    """Have the kernel load all packages from here, and ask nobody else for any."""
    config = json.loads(file.read_text(encoding="utf-8"))
    data = config["jupyter-config-data"]
    runtime = "./static/pyodide"
    data["appName"] = "sls-lab"
    data["exposeAppInBrowser"] = True
    data["litePluginSettings"] = {
        f"{_KERNEL}:kernel": {
            "disablePyPIFallback": True,
            "pyodideUrl": f"{runtime}/pyodide.mjs",
            "loadPyodideOptions": {
                "env": {"PYTHONSTARTUP": _STARTUP},
                "lockFileURL": f"{runtime}/pyodide-lock.json",
                "packages": list(packages),
                "stdLibURL": f"{runtime}/python_stdlib.zip",
            },
        }
    }
    file.write_text(json.dumps(config, indent=1), encoding="utf-8")
