"""Machines that give little: no home, little room for files, an installation that nobody may write to."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sls_lab
from sls_lab.cli import main
from sls_lab.taint.kept.cache import cache_folder

EXAMPLE = Path(__file__).parents[2] / "code-examples" / "apps" / "order-scan"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without a home, as in many containers."""

    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", none)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("homeless")
def test_without_a_home_nothing_is_kept_and_all_is_analysed(capsys: Captured) -> None:
    assert cache_folder() is None
    assert main(["analyse", "--recorded", str(EXAMPLE), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["flows"]


@pytest.mark.usefixtures("homeless")
def test_without_a_home_progress_says_what_to_do(capsys: Captured) -> None:
    assert main(["progress"]) == 2
    assert "XDG_DATA_HOME" in capsys.readouterr().err


def in_process(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)


LITTLE_ROOM = """\
import resource, sys
from sls_lab.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.posix
def test_little_room_for_output_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = in_process(LITTLE_ROOM, "analyse", "--recorded", str(EXAMPLE), "--output", str(tmp_path / "report.txt"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("sls-lab: ")


@pytest.mark.live
def test_little_room_for_a_run_is_no_clean_answer() -> None:
    done = in_process(LITTLE_ROOM, "analyse", "--no-cache", str(EXAMPLE))
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "No flow found" not in done.stdout


#: Runs a program as somebody who may write only where the permissions of files say so, which root need not ask:
#: https://man7.org/linux/man-pages/man7/capabilities.7.html (CAP_DAC_OVERRIDE goes with the bounding set)
ORDINARY_USER = """\
import ctypes, os, sys
if os.geteuid() == 0:
    PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
    assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def tree(folder: Path) -> dict[Path, int]:
    """When each file and folder below `folder` was changed."""
    return {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


@pytest.mark.live
def test_an_ordinary_user_of_an_installation_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed, home = tmp_path / "installed", tmp_path / "home"
    shutil.copytree(Path(sls_lab.__file__).parent, installed / "sls_lab", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(EXAMPLE, installed / EXAMPLE.name)
    home.mkdir()
    for path in (*installed.rglob("*"), installed):
        path.chmod(path.stat().st_mode & ~0o222)
    before = tree(installed)
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    where = in_process("import sls_lab; print(sls_lab.__file__)")
    assert where.stdout.startswith(str(installed))
    refused = in_process(ORDINARY_USER, "-c", f"open({str(installed / 'sls_lab' / 'new.py')!r}, 'w')")
    assert "PermissionError" in refused.stderr
    done = in_process(ORDINARY_USER, "-m", "sls_lab", "analyse", str(installed / EXAMPLE.name), "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["complete"]
    assert len(answer["flows"]) == 2
    assert list((home / ".cache" / "sls-lab").iterdir())
    assert tree(installed) == before


WATCHED = """\
import json, os, sys
written = []
def listen(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        writing = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        if writing and os.fsdecode(arguments[0]) != os.devnull:
            written.append(os.fsdecode(arguments[0]))
    if event in ("os.mkdir", "os.rename", "os.remove", "os.link", "os.symlink", "shutil.rmtree"):
        written.append(os.fsdecode(arguments[0]))
    if event in ("socket.connect", "os.system", "os.exec", "subprocess.Popen"):
        written.append(event)
sys.dont_write_bytecode = True
from sls_lab.cli import main
sys.addaudithook(listen)
status = main(sys.argv[1:])
print(json.dumps([status, written]))
"""


@pytest.mark.parametrize("command", ["analyse --recorded", "graph", "rewrite"])
def test_nothing_is_written_that_was_not_asked_for(command: str) -> None:
    """So an installation and an application that nobody may write to do no harm."""
    done = in_process(WATCHED, *command.split(), str(EXAMPLE))
    assert json.loads(done.stdout.splitlines()[-1]) == [0, []]
