"""Every notebook runs from top to bottom in a fresh kernel with recorded results; tests/browser runs them with Pysa."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# What a machine without Pysa's programs is to the kit, put into a kernel before its first cell.
HIDE = "from sls_lab.taint.run import pysa\npysa._program = lambda name: None\n"
# What one without moto is.
HIDE_MOTO = "from sls_lab.replay import simulation\nsimulation._PACKAGES = ('no_such_module',)\n"
#: Those that replay an application.
REPLAYING = [one for one in NOTEBOOKS if one.name[:2] in ("00", "08")]


def run(notebook: Path, home: Path, hide: str) -> nbformat.NotebookNode:
    """The notebook with its outputs, from a fresh kernel that runs `hide` first, in the notebook's own folder."""
    content = nbformat.read(notebook, as_version=4)
    client = NotebookClient(content, timeout=120, resources={"metadata": {"path": str(notebook.parent)}})
    # Neither a kernel nor a profile of the user's own may take part,
    client.km = client.create_kernel_manager()
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "hide.py").write_text(hide)
    environment = {
        **os.environ,
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),  # nor may an answer kept from a live run
    }
    with warnings.catch_warnings():
        # A socket that zmq closes at the end of the kernel is not a fault of the notebook.
        warnings.simplefilter("ignore", ResourceWarning)
        return client.execute(env=environment)


def complaints(content: nbformat.NotebookNode) -> list[str]:
    """What the cells wrote to standard error."""
    return [
        output.text
        for cell in content.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.get("name") == "stderr"
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_the_notebook_runs_without_pysa(notebook: Path, tmp_path: Path) -> None:
    assert complaints(run(notebook, tmp_path, HIDE)) == []


@pytest.mark.parametrize("notebook", REPLAYING, ids=lambda notebook: notebook.stem)
def test_the_notebook_runs_without_pysa_and_moto(notebook: Path, tmp_path: Path) -> None:
    content = run(notebook, tmp_path, HIDE + HIDE_MOTO)
    assert complaints(content) == []
    assert "moto is not installed" in nbformat.writes(content)
