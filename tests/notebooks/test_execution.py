"""Every notebook runs from its first cell to its last, without an error, and shows what it promises."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def run(notebook: Path, home: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs, from a fresh kernel started in the notebook's own folder."""
    content = nbformat.read(notebook, as_version=4)
    client = NotebookClient(content, timeout=120, resources={"metadata": {"path": str(notebook.parent)}})
    # Neither a kernel nor a profile of the user's own may take part.
    client.km = client.create_kernel_manager()
    with warnings.catch_warnings():
        # A socket that zmq closes at the end of the kernel is not a fault of the notebook.
        warnings.simplefilter("ignore", ResourceWarning)
        return client.execute(env={**os.environ, "IPYTHONDIR": str(home / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1"})


def printed(content: nbformat.NotebookNode) -> dict[str, str]:
    """What each cell printed, by the cell's id."""
    return {
        cell.id: "".join(output.get("text", "") for output in cell.outputs)
        for cell in content.cells
        if cell.cell_type == "code"
    }


@pytest.mark.live
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_the_notebook_runs_and_reports_no_error(notebook: Path, tmp_path: Path) -> None:
    content = run(notebook, tmp_path)
    for cell in content.cells:
        if cell.cell_type == "code":
            assert not [output for output in cell.outputs if output.get("name") == "stderr"], cell.outputs


@pytest.mark.live
def test_the_first_notebook_shows_the_flow_through_all_four_handlers(tmp_path: Path) -> None:
    shown = printed(run(ROOT / "notebooks" / "00-start-here.ipynb", tmp_path))
    assert "ok" in shown["doctor-run"]
    for name in ("submit", "store", "register", "convert"):
        assert name in shown["functions-run"]
        assert name in shown["flows-run"]
    assert "linked" in shown["edges-run"]
    assert shown["flows-run"].startswith("1 flow(s), live; every handler analysed: True")
    assert shown["flows-run"].rstrip().splitlines()[-1].split()[3] == "sink"
