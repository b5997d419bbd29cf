"""None of it gets out, each is told, and the replay goes on."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sls_lab.replay import Child, Hop, Limits, Replay, Request, Simulation
from sls_lab.replay.shell_commands import commands_of
from sls_lab.template import read_template

pytestmark = pytest.mark.posix

HOSTILE = Path(__file__).parent / "fixtures" / "hostile"


@pytest.fixture
def hostile(child: Child) -> Simulation:
    return Simulation(read_template(HOSTILE), child)


def run(simulation: Simulation, at: str, **event: Any) -> Hop:
    """The one hop of a request."""
    replay = simulation.replay(Request(at, event))
    assert len(replay.hops) == 1, replay.notes
    return replay.hops[0]


@pytest.mark.parametrize(
    ("call", "value", "kind", "told", "answer"),
    [
        ("os.system", "touch /tmp/proof", "shell", "touch /tmp/proof", 0),
        ("os.popen", "touch proof", "shell", "touch proof", ""),
        ("subprocess.run", "touch proof", "shell", "touch proof", 0),
        ("subprocess.list", "a b", "program", ["ls", "a b"], 0),
        ("subprocess.sh", "touch proof", "shell", "touch proof", 0),
        ("subprocess.out", "touch proof", "shell", "touch proof", ""),
        ("subprocess.Popen", "a", "program", ["ls", "a"], 0),
        ("subprocess.getoutput", "touch proof", "shell", "touch proof", ""),
        ("asyncio.shell", "touch proof", "shell", "touch proof", 0),
        ("asyncio.exec", "a", "program", ["ls", "a"], "(b'', b'')"),
        ("os.spawnl", "a", "program", ["ls", "a"], 0),
        ("os.spawnve", "a", "shell", "echo $NAME", 0),
        ("os.posix_spawn", "a", "program", ["ls", "a"], True),
        ("os.fork", "", "process", "", True),
        ("multiprocessing", "a", "process", "", None),
        ("eval", "__import__('os').system('x')", "code", "__import__('os').system('x')", None),
        ("exec", "raise SystemExit", "code", "raise SystemExit", None),
        ("compile", "raise SystemExit", "code", "raise SystemExit", None),
        ("pickle.loads", "cos\nsystem\n(S'x'\ntR.", "pickle", b"cos\nsystem\n(S'x'\ntR.", {}),
        ("pickle.load", "cos\nsystem\n(S'x'\ntR.", "pickle", b"cos\nsystem\n(S'x'\ntR.", {}),
        ("yaml.load", "!!python/object/apply:os.system [x]", "yaml", "!!python/object/apply:os.system [x]", "{}"),
        ("sqlite3", "DROP TABLE x", "sql", "DROP TABLE x", []),
        ("pymysql", "DROP TABLE x", "sql", "DROP TABLE x", None),
        ("urlopen", "http://169.254.169.254/x", "url", "http://169.254.169.254/x", 200),
        ("http.client", "host.example", "url", "https://host.example/path", 200),
        ("requests", "https://host.example/a?b=c", "url", "https://host.example/a?b=c", 200),
        ("smtplib", "hello", "mail", "hello", {}),
    ],
)
def test_a_dangerous_call_is_told_and_answered(
    hostile: Simulation, call: str, value: str, kind: str, told: Any, answer: Any
) -> None:
    hop = run(hostile, "calls", call=call, value=value)
    assert (hop.ending, hop.error) == ("returned", "")
    assert hop.result == answer
    danger = hop.dangers[0]
    assert (danger.kind, danger.value) == (kind, told)
    assert danger.span is not None
    assert danger.span.file == "calls.py"


@pytest.mark.parametrize(
    ("call", "kind", "ending"),
    [
        ("os.execvp", "program", "exited"),
        ("os.execve", "shell", "exited"),
        ("os.execl", "program", "exited"),
        ("socket", "socket", "raised"),
        ("getaddrinfo", "socket", "raised"),
        ("ctypes", "native", "raised"),
        ("pty.spawn", "process", "raised"),
    ],
)
def test_a_call_that_cannot_be_answered_ends_the_handler_alone(
    hostile: Simulation, call: str, kind: str, ending: str
) -> None:
    hop = run(hostile, "calls", call=call, value="libc.so.6")
    assert hop.ending == ending
    assert kind in {danger.kind for danger in hop.dangers}
    assert hop.span is not None
    assert run(hostile, "endings", ending="fine").result == "fine"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("subprocess.env", [["echo", "a b; id"]]),
        ("subprocess.positional", [["echo", "a b; id"]]),
        ("os.environ", [["echo", "a", "b;", "id.wav"]]),
        ("os.spawnve", [["echo", "a", "b;", "id"]]),
    ],
)
def test_a_shell_finds_the_variables_that_it_is_given(hostile: Simulation, call: str, words: list[list[str]]) -> None:
    [danger] = run(hostile, "calls", call=call, value="a b; id").dangers
    assert [list(command.words) for command in commands_of(danger)] == words
    assert set(danger.detail["variables"]) <= {"NAME", "1"}


AROUND = ("posix.system", "posix.open", "posix.remove", "posix.fork", "_socket", "passwords", "fork_exec", "closure")
MORE = ("rename", "parent", "datagram", "listing", "pythonapi")
#: What the kernel refuses, where there is Linux, once the hooks are taken off.
UNHOOKED = ("unhooked", "dir_fd", "fifo") if sys.platform == "linux" else ()


@pytest.mark.parametrize("way", [*AROUND, *MORE, *UNHOOKED])
def test_what_gets_around_the_recorder_is_refused(hostile: Simulation, way: str) -> None:
    with Child() as child:
        hop = run(Simulation(read_template(HOSTILE), child) if way in UNHOOKED else hostile, "around", way=way)
    assert hop.ending == "raised"
    assert "PermissionError" in hop.error or way == "pythonapi"
    assert hop.dangers or way in UNHOOKED
    assert not Path("/tmp/proof-of-replay").exists()


def test_threads_that_outlast_their_handler_are_told_and_touch_nothing(hostile: Simulation) -> None:
    hop = run(hostile, "around", way="thread")
    assert [(note.code, note.message) for note in hop.notes] == [
        ("threads-left", "the handler leaves 1 thread that Lambda would freeze")
    ]
    assert run(hostile, "endings", ending="fine").result == "fine"
    assert not Path("/tmp/proof-of-replay").exists()


def test_words_that_a_handler_puts_in_the_childs_mouth_end_it() -> None:
    with Simulation(read_template(HOSTILE)) as simulation:
        replay = simulation.replay(Request("around", {"way": "forged"}))
        assert [note.code for note in replay.notes] == ["replay-cut-short"]
        assert "it sends what is not a message" in replay.notes[0].message
        assert run(simulation, "endings", ending="fine").result == "fine"


@pytest.mark.parametrize(
    ("ending", "told", "words"),
    [
        ("raise", "raised", "KeyError: 'missing'"),
        ("exit", "exited", "the handler exits with 3"),
        ("os._exit", "exited", "the handler ends its process by os._exit"),
        ("abort", "exited", "the handler ends its process by os.abort"),
        ("not-json", "raised", "Unable to marshal response"),
        ("nan", "raised", "Unable to marshal response"),
        ("memory", "out-of-memory", "more memory than there is"),
        ("recursion", "raised", "RecursionError"),
        ("huge-file", "raised", "OSError"),
        ("unspeakable", "raised", "Unspeakable"),
    ],
)
def test_a_handler_that_fails_says_how_and_where(hostile: Simulation, ending: str, told: str, words: str) -> None:
    hop = run(hostile, "endings", ending=ending)
    assert hop.ending == told
    assert words in hop.error
    if "marshal" not in words:
        assert hop.span is not None
        assert hop.span.file == "endings.py"
    assert run(hostile, "endings", ending="fine").result == "fine"


def test_a_handler_cannot_end_its_own_process(hostile: Simulation) -> None:
    hop = run(hostile, "endings", ending="kill")
    assert hop.ending == "returned"
    assert [danger.name for danger in hop.dangers] == ["os.kill"]


def test_output_that_is_no_string_is_shown(hostile: Simulation) -> None:
    hop = run(hostile, "endings", ending="binary")
    assert hop.ending == "returned"
    assert hop.output == "\\xff\x00\\xfe\\udcff after\n"


@pytest.mark.parametrize(("ending", "code"), [("moved", "folder-changed"), ("replaced", "boto3-replaced")])
def test_what_a_handler_changes_is_told_and_put_back(hostile: Simulation, ending: str, code: str) -> None:
    hop = run(hostile, "endings", ending=ending)
    assert [note.code for note in hop.notes] == [code]
    assert run(hostile, "files", file="relative").result.startswith('"""')


def test_a_loop_ends_with_the_time(hostile: Simulation) -> None:
    with Child(Limits(seconds=0.3)) as child:
        simulation = Simulation(read_template(HOSTILE), child)
        hop = run(simulation, "endings", ending="forever")
        assert hop.ending == "timed-out"
        assert hop.span is not None
        assert hop.span.file == "endings.py"
        assert run(simulation, "endings", ending="fine").result == "fine"


@pytest.mark.parametrize("ending", ["deaf"])
def test_a_handler_that_cannot_be_stopped_is_killed(ending: str) -> None:
    with Child(Limits(seconds=0.3)) as child:
        simulation = Simulation(read_template(HOSTILE), child)
        replay: Replay = simulation.replay(Request("endings", {"ending": ending}))
        assert replay.hops[0].ending == "killed"
        assert [note.code for note in replay.notes] == ["replay-cut-short"]
        assert run(simulation, "endings", ending="fine").result == "fine"


KIT = """
import sys
from pathlib import Path
from sls_lab.replay import Child, Limits, Request, Simulation
from sls_lab.template import read_template

child = Child(Limits(seconds=600))
simulation = Simulation(read_template(Path(sys.argv[1])), child)
receive = child.receive

def heard():
    message = receive()
    if message.get("name") == "open":
        print(child.pid, child.folder, flush=True)
    return message

child.receive = heard
simulation.replay(Request("endings", {"ending": "busy"}))
"""


def wait_for_end(pid: int) -> None:
    """Wait until a process that is not a child of this one has ended."""
    if hasattr(os, "pidfd_open"):
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        assert select.select([descriptor], [], [], 30)[0]
        os.close(descriptor)
    else:
        queue = select.kqueue()
        ends = select.kevent(pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD, select.KQ_NOTE_EXIT)
        assert queue.control([ends], 1, 30)


@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT", "SIGTERM"])
def test_a_handler_that_makes_files_ends_with_the_kit_and_leaves_nothing(how: str) -> None:
    kit = subprocess.Popen(
        [sys.executable, "-c", KIT, str(HOSTILE)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert kit.stdout is not None
    pid, folder = kit.stdout.readline().split()
    kit.send_signal(signal.Signals[how])
    kit.stdout.read()
    assert kit.wait(30)
    kit.stdout.close()
    wait_for_end(int(pid))
    assert not Path(folder).exists()


def test_files_beyond_the_limit_end_the_replay() -> None:
    with Child(Limits(files_mb=64)) as child:
        replay = Simulation(read_template(HOSTILE), child).replay(Request("endings", {"ending": "disk"}))
    assert "64 MB" in replay.notes[0].message


def test_a_handler_writes_to_its_own_tmp(hostile: Simulation) -> None:
    hop = run(hostile, "files", file="own")
    assert hop.result == ["x", ["kept.txt"], True]
    assert not Path("/tmp/kept.txt").exists()
    assert not any(danger.detail.get("outside") for danger in hop.dangers)


@pytest.mark.parametrize("file", ["code", "relative"])
def test_a_handler_reads_its_own_code(hostile: Simulation, file: str) -> None:
    hop = run(hostile, "files", file=file)
    assert hop.result.startswith('"""')
    assert hop.dangers == ()


def test_its_code_is_read_only(hostile: Simulation) -> None:
    hop = run(hostile, "files", file="overwritten")
    assert "Read-only file system" in hop.error


def test_what_is_written_elsewhere_is_told_and_nowhere(hostile: Simulation) -> None:
    hop = run(hostile, "files", file="elsewhere")
    assert hop.result is False
    assert hop.dangers[0].value == "/etc/cron.d/proof"
    assert hop.dangers[0].detail["outside"] is True
    assert not Path("/etc/cron.d/proof").exists()


@pytest.mark.parametrize("file", ["passwords", "home", "up", "remove", "move"])
def test_nothing_of_the_computer_is_read_or_removed(hostile: Simulation, file: str) -> None:
    hop = run(hostile, "files", file=file)
    assert hop.ending == "raised" or (file == "remove" and hop.result is None)
    if file == "up":
        assert hop.dangers[0].detail["resolved"] == "/etc/passwd"


def test_nothing_of_the_users_environment_is_there(hostile: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLS_LAB_SECRET", "x")
    with Simulation(read_template(HOSTILE)) as simulation:
        names = run(simulation, "files", file="environment").result
    assert "SLS_LAB_SECRET" not in names
    assert "AWS_REGION" in names


def test_honest_use_is_answered_with_its_value(hostile: Simulation) -> None:
    assert run(hostile, "answers").result == {
        "sum": 42,
        "named": True,
        "pickle": {"a": [1, 2]},
        "yaml": {"a": [1, 2]},
        "deep": None,
    }
