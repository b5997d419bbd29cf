"""However a run ends: its programs end with it, its folder goes, and one application never costs the others theirs."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from sls_lab import analyse, load_app
from sls_lab.taint import Subject, TaintReport, live_run, tracing
from sls_lab.taint.run import programs as running
from sls_lab.taint.run import pysa as pysa_run
from sls_lab.taint.run import temporary, turns
from sls_lab.taint.run.culprits import find_culprit
from sls_lab.taint.run.programs import ProgramFailed, TookTooLong, run_program
from sls_lab.taint.run.temporary import staging_folder
from sls_lab.taint.run.turns import turn
from sls_lab.taint.staging.staged_folder import StagedApp

TEMPLATE = """\
service: shop
provider: {name: aws, runtime: python3.12}
functions:
  run: {handler: app.handler, events: [{httpApi: POST /run}]}
"""
SHELL = "import os\n\n\ndef handler(event, context):\n    os.system(event['body'])\n"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """A memory and a folder for temporary files of the test's own."""
    memory, disk = tmp_path / "memory", tmp_path / "disk"
    memory.mkdir()
    disk.mkdir()
    monkeypatch.setattr(temporary, "_MEMORY", memory)
    monkeypatch.setattr(temporary, "ROOM_NEEDED", 0)
    monkeypatch.setattr("tempfile.tempdir", str(disk))
    yield memory, disk


def test_the_folder_of_a_run_goes_with_it(places: tuple[Path, Path]) -> None:
    memory, _ = places
    with staging_folder() as folder:
        assert folder.parent == memory.resolve()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(memory.iterdir()) == []


@pytest.mark.posix
def test_what_a_killed_run_left_goes_with_the_next_one(places: tuple[Path, Path]) -> None:
    memory, disk = places
    for place in (memory, disk):
        (place / "sls-lab-run-left" / "app_00").mkdir(parents=True)
        (place / "sls-lab-run-left" / ".owner").touch()
        (place / "sls-lab-run-just-made").mkdir()
        (place / "another-program").mkdir()
    with staging_folder() as running_now:
        with staging_folder():
            assert running_now.is_dir()
        assert running_now.is_dir()
    left = {entry.name for place in (memory, disk) for entry in place.iterdir()}
    assert left == {"sls-lab-run-just-made", "another-program"}


def test_memory_that_cannot_be_written_to(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    _, disk = places
    make = temporary.tempfile.mkdtemp

    def refuse(*, prefix: str, dir: Path) -> str:
        if dir == temporary._MEMORY:
            raise OSError(30, "Read-only file system")
        return str(make(prefix=prefix, dir=dir))

    monkeypatch.setattr(temporary.tempfile, "mkdtemp", refuse)
    with staging_folder() as folder:
        assert folder.parent == disk.resolve()


def script(folder: Path, name: str, body: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


@pytest.mark.posix
def test_a_program_that_never_ends_is_ended(tmp_path: Path) -> None:
    endless = script(tmp_path, "endless", "while :; do :; done")
    with pytest.raises(TookTooLong, match="more than 1 seconds of processor time"):
        run_program("Endless", [str(endless)], tmp_path, seconds=1)


@pytest.mark.posix
def test_a_program_that_waits_for_ever_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_PATIENCE", 0)
    waiting = script(tmp_path, "waiting", "exec sleep 1000")
    with pytest.raises(TookTooLong, match="did not end"):
        run_program("Waiting", [str(waiting)], tmp_path, seconds=1)


def test_a_program_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="could not be started"):
        run_program("Missing", [str(tmp_path / "missing")], tmp_path, seconds=1)


@pytest.mark.posix
def test_what_a_program_says_and_inherits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    telling = script(tmp_path, "telling", "env; echo wrong >&2; exit 7")
    ended = run_program("Telling", [str(telling)], tmp_path, seconds=5)
    assert (ended.code, ended.errors) == (7, "wrong\n")
    assert "PATH=" in ended.output
    assert "secret" not in ended.output


def is_alive(process: int) -> bool:
    """Whether a process runs; a dead one that nobody has asked for is not alive."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# A shell lets what it starts in the background ignore an interrupt, and all that is started from there.
RUNNING = """\
import signal
import sys
from pathlib import Path
from sls_lab.taint.run.programs import run_program
from sls_lab.taint.run import temporary
from sls_lab.taint.staging.staged_folder import StagedApp
from sls_lab.cli.command_line import _ended_in_order
signal.signal(signal.SIGINT, signal.default_int_handler)
temporary._MEMORY = Path(sys.argv[1])
temporary.ROOM_NEEDED = 0
with _ended_in_order(), temporary.staging_folder() as folder:
    run_program("Waiting", [sys.argv[2]], folder, seconds=100)
"""


def ended_by(how: signal.Signals, root: Path) -> float:
    """End a kit while its program runs; returns after how many seconds the program is gone, at most 60."""
    memory = root / "memory"
    memory.mkdir(parents=True)
    os.mkfifo(root / "started")
    waiting = script(root, "waiting", f"echo $$ > {root / 'started'}; exec sleep 1000")
    kit = subprocess.Popen([sys.executable, "-c", RUNNING, str(memory), str(waiting)], stderr=subprocess.DEVNULL)
    program = int((root / "started").read_text(encoding="utf-8"))
    assert is_alive(program)
    sent = time.monotonic()
    kit.send_signal(how)
    while is_alive(program) and time.monotonic() < sent + 60:
        os.sched_yield()
    gone = time.monotonic() - sent
    kit.wait(60)
    assert not is_alive(program)
    assert bool(list(memory.iterdir())) == (how == signal.SIGKILL)
    return gone


@pytest.mark.posix
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT"])
def test_no_program_outlives_the_process_that_started_it(how: str, tmp_path: Path) -> None:
    """It is gone within a second; a machine that is busy gets three attempts."""
    assert any(ended_by(signal.Signals[how], tmp_path / str(attempt)) < 1 for attempt in range(3))


def app(root: Path, name: str, files: dict[str, str]) -> Path:
    folder = root / name
    folder.mkdir()
    for file, text in {"serverless.yml": TEMPLATE, **files}.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def test_a_defect_of_the_kit_costs_one_application_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = (load_app(app(tmp_path, name, {"app.py": SHELL})) for name in ("good", "bad"))
    real = tracing.stage

    def stage(number: int, subject: Subject) -> StagedApp:
        if subject.template.root.name == "bad":
            raise IndexError("nobody thought of this")
        return real(number, subject)

    seen: list[str] = []

    def run(apps: Sequence[StagedApp], *_: object) -> list[TaintReport]:
        seen.extend(one.subject.template.root.name for one in apps)
        return [TaintReport((), "live", {}, (), (), (), {}) for _ in apps]

    monkeypatch.setattr(tracing, "stage", stage)
    monkeypatch.setattr(live_run, "run_together", run)
    analyse([good, bad], use_cache=False)
    assert seen == ["good"]
    assert good.flows.analysed == "live"
    assert (bad.flows.analysed, bad.complete) == ("not-run", False)
    assert [one.code for one in bad.flows.diagnostics] == ["kit-failed"]
    assert "IndexError" in bad.flows.diagnostics[0].message


@pytest.mark.parametrize(
    ("files", "endless", "culprit"),
    [
        (("a", "b", "c", "d"), "c", "c"),
        (("a",), "a", "a"),
        (("a", "b"), None, None),
        (("imports_c", "b", "c", "d"), "c", "c"),
        (("x", "imports_imports_c", "imports_c", "c"), "c", "c"),
    ],
)
def test_the_file_at_fault_is_found(files: tuple[str, ...], endless: str | None, culprit: str | None) -> None:
    texts = {f"app_00/{name}.py": "".join(imports(name)) for name in files}

    def reaches(file: str) -> bool:
        name = file.removeprefix("app_00/").removesuffix(".py")
        return endless is not None and name.removeprefix("imports_").removeprefix("imports_") == endless

    asked: list[Sequence[str]] = []

    def ends(some: Sequence[str]) -> bool:
        asked.append(some)
        return not any(map(reaches, some))

    found = find_culprit(texts, ends)
    assert found == (f"app_00/{culprit}.py" if culprit else None)
    assert len(asked) == len({tuple(some) for some in asked})


def imports(name: str) -> Iterator[str]:
    if name.startswith("imports_"):
        yield f"from .{name.removeprefix('imports_')} import T\n"


def tuples(depth: int) -> str:
    return "tuple[" * depth + "int" + "]" * depth


@pytest.mark.live
def test_a_file_that_pyrefly_never_ends_with_is_left_out_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What these few lines take by themselves is a third of a second.
    monkeypatch.setattr(pysa_run, "_SECONDS", {"Pyrefly": (2, 30), "Pysa": (60, 120)})
    monkeypatch.setattr(pysa_run, "_SECONDS_ALONE", 2)
    template = TEMPLATE + "  other: {handler: other.handler, events: [{httpApi: POST /other}]}\n"
    files = {"serverless.yml": template, "app.py": SHELL, "types_of_it.py": f"T = {tuples(26)}\n"}
    files["other.py"] = "from types_of_it import T\n" + SHELL
    deep, good = load_app(app(tmp_path, "deep", files)), load_app(app(tmp_path, "good", {"app.py": SHELL}))
    analyse([deep, good], use_cache=False)
    assert good.complete
    assert len(good.flows.flows) == 1
    assert deep.flows.analysed == "live"
    assert not deep.complete
    assert {flow.source.handler for flow in deep.flows.flows} >= {"run"}
    assert {name: one.code for name, one in deep.flows.unseen.items()} == {"other": "file-left-out"}
    assert "types_of_it.py" in deep.flows.unseen["other"].message


@pytest.mark.posix
def test_turns_are_taken(tmp_path: Path) -> None:
    """Whoever waits is told how many are before it, and comes in once there is room."""
    said: list[str] = []
    queue = tmp_path / "queue"
    with turn(said.append, queue, places=1):
        program = (
            "import sys\nfrom pathlib import Path\nfrom sls_lab.taint.run.turns import turn\n"
            "def say(text): print(text, flush=True)\n"
            "with turn(say, Path(sys.argv[1]), places=1): print('in')\n"
        )
        waiting = subprocess.Popen([sys.executable, "-c", program, str(queue)], stdout=subprocess.PIPE, text=True)
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "waiting for other analyses on this machine: 1 before this one\n"
    assert waiting.communicate(timeout=60)[0] == "in\n"
    assert said == []
    assert not list(queue.glob("ticket-*"))


def test_turns_of_the_dead_are_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "ticket-00000000000000000001-1").touch()
    (tmp_path / "place-0").touch()
    said: list[str] = []
    with turn(said.append, tmp_path, places=1):
        assert said == []


@pytest.mark.posix
def test_the_places_of_another_user_are_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system may refuse to create what another user has created already in a folder of all."""
    opened = os.open

    def guarded(file: Path, flags: int, *mode: int) -> int:
        if flags & os.O_CREAT and Path(file).exists():
            raise PermissionError(13, "Permission denied")
        return opened(file, flags, *mode)

    monkeypatch.setattr(os, "open", guarded)
    (tmp_path / "place-0").touch()
    with turn(lambda _: None, tmp_path, places=1):
        assert turns._locked(tmp_path / "place-0") is None
    assert turns._locked(tmp_path / "place-0") is not None


def test_without_locks_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "queue").touch()  # no folder
    entered = False
    with turn(lambda _: None, tmp_path / "queue", places=1):
        entered = True
    assert entered
