"""What was stored before a run is believed only where it may be, and never waited for."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab import App, analyse, load_app
from sls_lab.taint import NoRecording, Run, TaintReport, live_run, recorded
from sls_lab.taint import record as store
from sls_lab.taint.kept.cache import cached, keep
from sls_lab.taint.kept.recording import own_recordings
from sls_lab.taint.kept.stored_file import MAX_BYTES
from sls_lab.taint.read.pysa_output import PysaResults, UnknownOutput, read_results
from sls_lab.taint.run.pysa import PysaPrograms, PysaUnavailable
from tools.list_recordings import LIST, ROOT, listed

FILE = ROOT / "code-examples" / "apps" / "order-scan"
CLEAN = TaintReport((), "live", {}, (), (), (), {"pyrefly": "1"})


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """An example's code in a folder of its own, with a recording that says that it has no flow; Pysa is missing."""

    def none() -> PysaPrograms:
        raise PysaUnavailable("pyre-check not found")

    monkeypatch.setattr(live_run, "find_programs", none)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "serverless.yml").write_text(
        "service: a\nprovider: {name: aws, runtime: python3.12}\n"
        "functions: {f: {handler: a.handler, events: [{httpApi: POST /a}]}}\n",
        encoding="utf-8",
    )
    (folder / "a.py").write_text(
        "import os\n\n\ndef handler(event, _):\n    os.system(event['body'])\n", encoding="utf-8"
    )
    app = load_app(folder)
    store(folder, [Run("as it is", app.subject, CLEAN)], datetime.date(2026, 1, 2))
    return app


def why_not(app: App) -> str:
    analyse([app], use_cache=False)
    assert app.flows.analysed == "not-run"
    assert not app.complete
    return next(one.message for one in app.flows.diagnostics if one.code == "no-recording")


def test_a_recording_of_a_stranger_is_not_believed(app: App) -> None:
    assert "--trust-recording" in why_not(app)
    with pytest.raises(NoRecording, match="not one of the kit's own"):
        recorded(app.subject)


def test_a_recording_is_believed_where_its_user_says_so(app: App) -> None:
    trusting = load_app(app.path, trust_recording=True)
    analyse([trusting], use_recording=True)
    assert trusting.flows.analysed == "recorded"


def test_a_changed_recording_of_an_example_is_not_believed(tmp_path: Path) -> None:
    folder = tmp_path / FILE.name
    folder.mkdir()
    for file in FILE.rglob("*"):
        if file.is_file():
            (folder / file.relative_to(FILE)).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.relative_to(FILE)).write_bytes(file.read_bytes())
    assert recorded(load_app(folder).subject).flows
    data = json.loads((folder / "recorded.json").read_text(encoding="utf-8"))
    data["reports"] = [report | {"flows": []} for report in data["reports"]]
    (folder / "recorded.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(NoRecording, match="not believed"):
        recorded(load_app(folder).subject)


def test_the_list_of_the_kits_own_recordings_is_that_of_its_examples() -> None:
    assert LIST.read_text(encoding="utf-8") == listed(), "run `python tools/list_recordings.py`"
    assert len(own_recordings()) == len(listed().splitlines())


def a_pipe(file: Path) -> None:
    os.mkfifo(file)


def a_device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def a_folder(file: Path) -> None:
    file.mkdir()


def a_gigabyte(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(1 << 30)


def more_than_is_read(file: Path) -> None:
    file.write_bytes(b" " * (MAX_BYTES + 1))


def deep(file: Path) -> None:
    file.write_text("[" * 100_000, encoding="utf-8")


NOT_STORED = [
    *(pytest.param(make, marks=pytest.mark.posix, id=make.__name__) for make in (a_pipe, a_device)),
    *(a_folder, a_gigabyte, more_than_is_read, deep),
]
each = pytest.mark.parametrize("make", NOT_STORED, ids=lambda make: make.__name__)


@each
@pytest.mark.parametrize("trust", [False, True])
def test_a_recording_that_never_ends(app: App, make: Callable[[Path], None], trust: bool) -> None:
    (app.path / "recorded.json").unlink()
    make(app.path / "recorded.json")
    message = why_not(load_app(app.path, trust_recording=trust))
    assert "cannot be read" in message or "not believed" in message


@each
def test_a_cache_entry_that_never_ends(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "key.json")
    assert cached("key", tmp_path) is None


@pytest.mark.posix
def test_a_cache_entry_that_others_can_write_is_not_believed(tmp_path: Path) -> None:
    keep("key", CLEAN, tmp_path)
    assert cached("key", tmp_path) == CLEAN
    (tmp_path / "key.json").chmod(0o666)
    assert cached("key", tmp_path) is None


def test_nothing_half_remains_where_the_cache_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    keep("key", CLEAN, tmp_path)
    assert list(tmp_path.iterdir()) == []


PLACE = {"line": 1, "start": 4, "end": 9}
LEAF = {"origin": PLACE, "kinds": [{"kind": "UserControlled", "leaves": [{"name": "event"}]}]}


def calling(callee: str) -> dict[str, object]:
    call = {"position": PLACE, "resolves_to": [callee], "port": "formal(x)"}
    return {"call": call, "kinds": [{"kind": "ShellCommand", "length": 1}]}


def issue(name: str) -> dict[str, object]:
    traces = [{"name": "forward", "roots": [LEAF]}, {"name": "backward", "roots": [calling("app_00.a.run")]}]
    data = {"code": 9100, "callable": name, "filename": "app_00/a.py", "message": "m", **PLACE, "traces": traces}
    return {"kind": "issue", "data": data}


def model(name: str, leads_to: str | None = None) -> dict[str, object]:
    roots = [calling(leads_to)] if leads_to else [LEAF]
    sinks = [{"port": "formal(x)", "taint": roots}]
    return {"kind": "model", "data": {"callable": name, "filename": "app_00/a.py", "sinks": sinks}}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """The results of one run, in Pysa's form."""
    folder = tmp_path / "results"
    folder.mkdir()
    header = {"file_version": 3, "config": {"repo": str(tmp_path.resolve())}}
    found = [
        issue("app_00.a.one"),
        model("app_00.a.run", "app_00.a.last"),
        model("app_00.a.last"),
        issue("app_00.a.two"),
    ]
    (folder / "taint-output.json").write_text("".join(json.dumps(line) + "\n" for line in (header, *found)), "utf-8")
    (folder / "call-graph.json").write_text(json.dumps(header) + "\n", encoding="utf-8")
    (folder / "taint-metadata.json").write_text('{"stats": {}}', encoding="utf-8")
    (folder / "errors.json").write_text("[{}, {}]", encoding="utf-8")
    return folder


@pytest.mark.parametrize("file", ["taint-output.json", "taint-metadata.json", "errors.json", "call-graph.json"])
def test_a_result_that_is_cut_short_is_told_wherever_it_is_cut(results: Path, file: str) -> None:
    whole: PysaResults = read_results(results)
    data = (results / file).read_bytes()
    assert len(whole.issues) == 2
    for length in range(len(data)):
        (results / file).write_bytes(data[:length])
        with pytest.raises(UnknownOutput):
            read_results(results)


@pytest.mark.parametrize("line", range(1, 5))
def test_a_result_that_lacks_a_line_is_told(results: Path, line: int) -> None:
    lines = (results / "taint-output.json").read_text(encoding="utf-8").splitlines(keepends=True)
    (results / "taint-output.json").write_text("".join(lines[:line] + lines[line + 1 :]), encoding="utf-8")
    with pytest.raises(UnknownOutput, match="cut short"):
        read_results(results)


def test_the_result_of_another_run_is_told(results: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "results"
    moved.parent.mkdir()
    results.rename(moved)
    with pytest.raises(UnknownOutput, match="another run"):
        read_results(moved)
