"""The wheel alone holds what the kit needs: models, stubs and schema, the course, and the licences of it all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import sls_lab

ROOT = Path(__file__).resolve().parents[2]
MADE = {"__pycache__", ".ipynb_checkpoints"}
#: Folders of a clone, and where the wheel has them.
FOLDERS = {
    "sls_lab": "sls_lab",
    "notebooks": "sls_lab/course/notebooks",
    "code-examples": "sls_lab/course/code-examples",
}
WITHOUT_JUPYTER = "import sys; sys.modules.update(dict.fromkeys(('IPython', 'anywidget', 'ipywidgets', 'traitlets')))\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit's wheel as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel is unpacked, as an installer does it, far from the clone."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, program: str, *arguments: str, ok: bool = True) -> str:
    """What a Python program prints that has the unpacked wheel for its kit, and nothing of the clone."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(installed.parent / "cache"),
        "XDG_DATA_HOME": str(installed.parent / "data"),
    }
    answer = subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments],
        cwd=installed.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode == 0) is ok, answer.stdout + answer.stderr
    return answer.stdout if ok else answer.stderr


def command(installed: Path, *arguments: str) -> str:
    """What `sls-lab` prints where Jupyter is not installed."""
    return run(installed, f"{WITHOUT_JUPYTER}from sls_lab.cli import main\nsys.exit(main())", *arguments)


def test_the_wheel_holds_every_file_of_the_package_and_the_course_and_nothing_else(wheel: Path) -> None:
    # Hatchling leaves out what git ignores; a file of the package that a pattern hits by accident would be missing.
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    files = {
        f"{there}/{file.relative_to(ROOT / here).as_posix()}"
        for here, there in FOLDERS.items()
        for file in (ROOT / here).rglob("*")
        if file.is_file() and not MADE & {*file.parts}
    }
    assert packed == files
    suffixes = {Path(name).suffix for name in packed} | {Path(name).name for name in packed}
    assert {".py", ".pyi", ".pysa", ".json", ".yml", ".ipynb", "py.typed"} <= suffixes


def test_the_metadata_has_the_version_the_licences_and_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (folder,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = Parser().parsestr(archive.read(f"{folder}/METADATA").decode())
        entries = archive.read(f"{folder}/entry_points.txt").decode()
        licences = {name.removeprefix(f"{folder}/licenses/") for name in archive.namelist() if "/licenses/" in name}
    assert metadata["Version"] == sls_lab.__version__
    assert metadata["License-Expression"] == "MIT AND EPL-2.0 AND Apache-2.0"
    assert licences == {*metadata.get_all("License-File", [])}
    for name in ("LICENSE-graphviz.txt", "LICENSE-typeshed.txt"):
        assert any(licence.endswith(name) for licence in licences)
    assert "sls-lab = sls_lab.cli:main" in entries


def test_the_analyser_works_without_jupyter(installed: Path) -> None:
    command(installed, "course", "mine")
    app = installed.parent / "mine" / "code-examples" / "apps" / "upload-chain"
    assert "os.system" in command(installed, "analyse", "--recorded", str(app))
    assert "store" in command(installed, "graph", str(app))
    assert "sqs_event" in command(installed, "rewrite", str(app))


def test_without_jupyter_the_widgets_say_in_a_sentence_what_to_install(installed: Path) -> None:
    for program in ("import sls_lab.widgets", "import sls_lab; sls_lab.demo()"):
        said = run(installed, WITHOUT_JUPYTER + program, ok=False).strip().splitlines()[-1]
        assert said.endswith("JupyterLab and its widgets are not installed: run pip install 'sls-lab[lab]'")
    caught = "try: import sls_lab.widgets\nexcept ImportError as error: print(error.extra)"
    assert run(installed, WITHOUT_JUPYTER + caught) == "lab\n"


@pytest.mark.live
def test_demo_widgets_and_exercises_find_the_examples(installed: Path) -> None:
    program = """
import sls_lab
from sls_lab.widgets import AstExplorer, Editor, EventGraphExplorer, RewritingStepper, TaintStepper, TemplateExplorer
from sls_lab.widgets import exercise, look_into, progress_bar
from sls_lab.course import course_folder
from sls_lab.taint import NoRecording, trace_taint
panel = sls_lab.demo()
print(panel.name)
app = sls_lab.load_app(course_folder() / "code-examples/apps/upload-chain")
sls_lab.analyse([app], use_recording=True, raw=True)
for widget in (AstExplorer, Editor, EventGraphExplorer, RewritingStepper, TaintStepper, TemplateExplorer):
    print(len(widget(app).as_text()) > 100)
print(len(repr(exercise("01/how-many-public"))) > 100)
print("<a href" in look_into(sls_lab.load_app)._repr_html_())
"""
    assert run(installed, program).split() == ["upload-chain", *["True"] * 7, "False"]


@pytest.mark.live
def test_doctor_and_record_work(installed: Path, tmp_path: Path) -> None:
    assert "All is well." in command(installed, "doctor")
    examples = installed / "sls_lab" / "course" / "code-examples" / "apps"
    app = shutil.copytree(examples / "order-scan", tmp_path / "order-scan")
    (app / "recorded.json").unlink()
    command(installed, "record", str(app))
    assert (app / "recorded.json").is_file()
    assert "2 flows found" in command(installed, "analyse", str(app))
