from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sls_lab
from sls_lab.cli import commands, console, main
from sls_lab.cli.console import CommandError, StepProgress, coloured, say, write_out
from tests.cli.fakes import World

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["analyse"],
        ["analyse", "clean", "--format", "pdf"],
        ["analyse", "clean", "--sources", "everyone"],
        ["analyse", "clean", "--sources", ","],
        ["analyse", "clean", "--opt", "stage"],
        ["analyse", "clean", "--env", "=x"],
        ["analyse", "clean", "--form", "json"],
        ["graph"],
        ["graph", "clean", "more"],
        ["doctor", "clean"],
        ["explain"],
        ["explain", "no-such-code"],
        ["explain", "ssrf", "--all"],
    ],
    ids=" ".join,
)
def test_bad_arguments_are_told_in_a_sentence(arguments: list[str], world: World, capsys: Captured) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("sls-lab: ")
    assert "Traceback" not in said.err
    assert world.calls == []


def test_without_a_command_all_of_them_are_listed(capsys: Captured) -> None:
    assert main([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("sls-lab: name a command\nusage: sls-lab")
    for name in ("doctor", "analyse", "course", "quiz"):
        assert f"\n    {name} " in said


def test_the_version(capsys: Captured) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sls-lab {sls_lab.__version__}\n"


@pytest.mark.parametrize("command", [[], ["analyse"], ["graph"], ["rewrite"], ["record"], ["doctor"], ["explain"]])
def test_help_says_what_there_is(command: list[str], capsys: Captured) -> None:
    assert main([*command, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: sls-lab")
    if not command:
        for name in ("doctor", "analyse", "graph", "rewrite", "record", "exit status", "examples"):
            assert name in said


@pytest.mark.parametrize("command", ["graph", "rewrite", "record", "analyse"])
def test_an_unreadable_application(command: str, capsys: Captured, tmp_path: Path) -> None:
    assert main([command, str(tmp_path / "nowhere")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "nowhere" in said.err
    assert said.err.count("\n") == 1


def raising(error: BaseException) -> Callable[..., int]:
    def run(*_: object, **__: object) -> int:
        raise error

    return run


def test_control_c_ends_without_a_traceback(world: World, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "analyse", raising(KeyboardInterrupt()))
    assert main(["analyse", "clean"]) == 130
    assert capsys.readouterr().err == "sls-lab: interrupted\n"


def run(arguments: list[str], **how: object) -> subprocess.CompletedProcess[bytes]:
    root = Path(sls_lab.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "sls_lab", *arguments]
    return subprocess.run(command, env=environment, stderr=subprocess.PIPE, check=False, **how)  # type: ignore[call-overload, no-any-return]


def test_a_reader_that_has_gone_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as closed:  # noqa: PTH123 (a descriptor, not a path)
        done = run(["graph", str(Path(sls_lab.__file__).parent / "taint/canary")], stdout=closed)
    assert done.returncode == 141
    assert done.stderr == b""


def test_results_are_utf_8_and_messages_readable_in_every_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2))
    monkeypatch.setattr(console.sys, "stdout", out)
    monkeypatch.setattr(console.sys, "stderr", err)
    write_out("é ─▶ \ud800")
    say("é")
    assert out.buffer.getvalue() == "é ─▶ \\ud800".encode()
    assert err.buffer.getvalue() == b"\\xe9\n"


def test_closed_and_full_outputs_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(console.sys, "stderr", None)
    monkeypatch.setattr(console.sys, "stdout", None)
    assert main(["--version"]) == 0
    for command in (["analyse", "flow"], ["graph", "sample"], ["rewrite", "sample"]):
        assert main(command) == 2
    with pytest.raises(CommandError, match="closed"):
        write_out("x")
    say("nobody hears this")
    monkeypatch.setattr(console.sys, "stdout", Full())
    with pytest.raises(CommandError, match="No space left"):
        write_out("x")


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    terminal = Terminal()
    with StepProgress(terminal) as progress:
        progress("reading one")
        progress("tracing " + "x" * 80)
        progress("one: unchanged, answered from the cache")
    text = terminal.getvalue()
    assert text.count("\n") == 1
    assert "one: unchanged, answered from the cache\n" in text
    assert text.endswith("\r\x1b[K")
    shown = [piece for piece in text.replace("\x1b[K", "").split("\r") if "tracing" in piece]
    assert shown
    assert all(len(piece) < 30 and piece.endswith("…") for piece in shown)


def test_elsewhere_only_slow_steps_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        """A timer whose time has come at once."""

        def __init__(self, _seconds: float, work: Callable[[str], None], arguments: list[str]) -> None:
            self.daemon = False
            self.work, self.arguments = work, arguments

        def start(self) -> None:
            if "slow" in self.arguments[0]:
                self.work(*self.arguments)

        def cancel(self) -> None:
            pass

    monkeypatch.setattr(console.threading, "Timer", Slow)
    log = io.StringIO()
    with StepProgress(log) as progress:
        progress("a quick step")
        progress("a slow step")
    assert log.getvalue() == "a slow step …\n"


def test_steps_with_hostile_names_cannot_write_to_the_terminal() -> None:
    terminal = Terminal()
    with StepProgress(terminal) as progress:
        progress("reading \x1b]0;owned\x07")
    assert "\x1b]" not in terminal.getvalue()


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert coloured(Terminal())
    assert not coloured(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured(Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not coloured(Terminal())


@pytest.mark.live
def test_the_chain_through_four_handlers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    chain = Path(sls_lab.__file__).parents[1] / "code-examples/apps/upload-chain"
    first = run(["analyse", str(chain), "--fail-on-flow"], stdout=subprocess.PIPE)
    assert first.returncode == 1, first.stderr
    text = first.stdout.decode("utf-8")
    assert "through submit → store → register → convert" in text
    assert "1 flow found from the events of submit." in text
    again = run(["analyse", str(chain), "--format", "json"], stdout=subprocess.PIPE)
    assert again.returncode == 0
    assert b"upload-chain: unchanged, answered from the cache" in again.stderr
    found = json.loads(again.stdout)
    assert found["complete"] is True
    assert [flow["sink"]["handler"] for flow in found["flows"]] == ["convert"]


def test_control_c_while_modules_load_ends_without_a_traceback(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sls_lab.cli.command_line":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "sls_lab.cli.command_line", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    assert main(["--version"]) == 130
    assert capsys.readouterr().err == "sls-lab: interrupted\n"


def test_explain_tells_what_a_code_means(capsys: Captured) -> None:
    assert main(["explain", "file-missing", "code-injection"]) == 0
    said = capsys.readouterr().out
    assert "A file is missing." in said
    assert "CWE-78" in said
    assert main(["explain", "--all"]) == 0
    assert capsys.readouterr().out.startswith("# Diagnostics, advice and flows")
