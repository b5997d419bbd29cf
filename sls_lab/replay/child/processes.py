"""Programs and processes: recorded and not started; each answers as a program that succeeds and writes nothing."""

from __future__ import annotations

import asyncio
import asyncio.subprocess
import importlib
import io
import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Final

from sls_lab.replay.child.endings import ProcessEnded
from sls_lab.replay.child.recorder import Recorder, put

_PID: Final = 4242
_READ: Final = 2_000  #: bytes of a file that are told
_VARIABLE: Final = re.compile(r"\$\{?(\w+)")
_SHELLS: Final = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})


def words_of(command: Any) -> Any:
    """A command as text, or as its list of words; paths and bytes read as strings."""
    if isinstance(command, bytes | os.PathLike):
        return os.fsdecode(command)
    if isinstance(command, str):
        return command
    if isinstance(command, Sequence):
        return [words_of(word) for word in command]
    return str(command)


class Programs:
    """Records what would be started."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def tell(self, name: str, command: Any, *, shell: bool, env: Any = None) -> None:
        """One program that would be started, by a shell or directly, with an environment of its own in `env`."""
        words = words_of(command)
        arguments: list[str] = []
        script = None
        if isinstance(words, list) and not shell:
            script, arguments = _script_of(words)
        elif isinstance(words, list):
            # With shell=True the first word is the script, and the others are its arguments.
            words, arguments = (words[0], words[1:]) if words else ("", [])
        text = script if script is not None else words
        if not shell and script is None:
            self._recorder.danger("program", name, text, words=words)
            self._feed_files(words)
            return
        environment = {words_of(key): words_of(value) for key, value in (os.environ if env is None else env).items()}
        known = {**environment, **{str(number): word for number, word in enumerate(arguments)}}
        variables = {word: known[word] for word in _VARIABLE.findall(str(text)) if word in known}
        self._recorder.danger("shell", name, text, words=words, **({"variables": variables} if variables else {}))
        self._feed_files(str(text).split())

    def _feed_files(self, words: Any) -> None:
        """The handler's own files among the words of a command."""
        for word in words if isinstance(words, list) else ():
            path = str(word).strip("'\"")
            if path.startswith("/tmp/") and os.path.isfile(path):
                self._recorder.fed(Path(path).read_bytes()[:_READ])

    def fed(self, data: Any) -> None:
        """What a program reads from its input."""
        if data:
            self._recorder.fed(data)

    def _fork_exec(self, words: Any, *_: Any) -> int:
        """What `subprocess` is built on. Nothing that it would answer is of use without a program."""
        self.tell("_posixsubprocess.fork_exec", words, shell=False)
        raise PermissionError("_posixsubprocess.fork_exec is not carried out in a replay")

    def install(self) -> None:
        """Put the recorder in the place of every function that starts a program."""
        put(importlib.import_module("_posixsubprocess"), [("fork_exec", self._fork_exec)])
        programs = self

        class Popen(RecordedProcess):
            """Takes `subprocess.Popen`'s place."""

            def __init__(self, args: Any, *rest: Any, **given: Any) -> None:
                shell = bool(given.get("shell", rest[7] if len(rest) > 7 else False))
                env = given.get("env", rest[9] if len(rest) > 9 else None)
                programs.tell("subprocess.Popen", args, shell=shell, env=env)
                super().__init__(programs.fed, args, rest, given)

        put(subprocess, [("Popen", Popen)])
        put(os, [("system", self._system), *self._spawning(), *self._replacing(), *self._forking()])
        put(asyncio, [("create_subprocess_exec", self._exec), ("create_subprocess_shell", self._shell)])
        put(asyncio.subprocess, [("create_subprocess_exec", self._exec), ("create_subprocess_shell", self._shell)])

    def _system(self, command: Any) -> int:
        self.tell("os.system", command, shell=True)
        return 0

    def _spawning(self) -> list[tuple[str, Any]]:
        """`os.spawn*` and `os.posix_spawn*`: the mode or path comes first, words one by one where there is an `l`."""

        def spawn(name: str, listed: bool, environment: bool) -> Callable[..., int]:
            def answer(mode: int, file: Any, *words: Any) -> int:
                given, env = (words[:-1], words[-1]) if environment else (words, None)
                self.tell(f"os.{name}", list(given) if listed else given[0], shell=False, env=env)
                return 0 if mode == os.P_WAIT else _PID

            return answer

        def posix(path: Any, argv: Sequence[Any], env: Mapping[str, str], **_: Any) -> int:
            self.tell("os.posix_spawn", list(argv), shell=False, env=env)
            return _PID

        names = ["spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"]
        made: list[tuple[str, Any]] = [(name, spawn(name, "l" in name[5:], name.endswith("e"))) for name in names]
        return [*made, ("posix_spawn", posix), ("posix_spawnp", posix)]

    def _replacing(self) -> list[tuple[str, Any]]:
        """`os.exec*`: the program would take the handler's place, so the handler ends."""

        def replace(name: str, listed: bool, environment: bool) -> Callable[..., None]:
            def answer(file: Any, *words: Any) -> None:
                given, env = (words[:-1], words[-1]) if environment else (words, None)
                self.tell(f"os.{name}", list(given) if listed else given[0], shell=False, env=env)
                raise ProcessEnded(f"os.{name}")

            return answer

        def end(name: str) -> Callable[..., None]:
            def answer(*_: Any) -> None:
                raise ProcessEnded(f"os.{name}")

            return answer

        names = ["execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe"]
        made: list[tuple[str, Any]] = [(name, replace(name, "l" in name[4:], name.endswith("e"))) for name in names]
        return [*made, ("_exit", end("_exit")), ("abort", end("abort"))]

    def _forking(self) -> list[tuple[str, Any]]:
        """A fork answers as it does in the parent: with the number of a child, which never does anything."""

        def fork() -> int:
            self._recorder.danger("process", "os.fork", "")
            return _PID

        def forkpty() -> tuple[int, int]:
            self._recorder.danger("process", "os.forkpty", "")
            return _PID, os.open(os.devnull, os.O_RDWR)

        def wait(pid: int = 0, options: int = 0) -> tuple[int, int]:
            return _PID, 0

        def kill(pid: int, signal: int) -> None:
            self._recorder.danger("process", "os.kill", f"{pid} {signal}")

        return [
            ("fork", fork),
            ("forkpty", forkpty),
            ("wait", wait),
            ("waitpid", wait),
            ("kill", kill),
            ("killpg", kill),
        ]

    async def _exec(self, program: Any, *words: Any, **given: Any) -> AsyncProcess:
        self.tell("asyncio.create_subprocess_exec", [program, *words], shell=False, env=given.get("env"))
        return AsyncProcess(self.fed)

    async def _shell(self, command: Any, **given: Any) -> AsyncProcess:
        self.tell("asyncio.create_subprocess_shell", command, shell=True, env=given.get("env"))
        return AsyncProcess(self.fed)


def _script_of(words: list[str]) -> tuple[str | None, list[str]]:
    """The script of `["sh", "-c", script]`, with any options before, and its arguments; None for another program."""
    if not words or os.path.basename(words[0]) not in _SHELLS:
        return None, []
    for at, (word, following) in enumerate(pairwise(words[1:])):
        if word.startswith("-") and not word.startswith("--") and word.endswith("c"):
            return following, words[at + 3 :]
    return None, []


class RecordedProcess:
    """A program that has ended well and has written nothing, with the interface of `subprocess.Popen`."""

    pid = _PID
    returncode = 0

    def __init__(self, fed: Callable[[Any], None], args: Any, rest: tuple[Any, ...], given: Mapping[str, Any]) -> None:
        self.args, self._fed = args, fed
        names = ("bufsize", "executable", "stdin", "stdout", "stderr")
        streams = {**dict(zip(names, rest, strict=False)), **given}
        self._text = any(given.get(word) for word in ("text", "universal_newlines", "encoding", "errors"))
        self.stdin: IO[Any] | None = self._stream(streams.get("stdin"))
        self.stdout: IO[Any] | None = self._stream(streams.get("stdout"))
        self.stderr: IO[Any] | None = self._stream(streams.get("stderr"))

    def _stream(self, wanted: Any) -> IO[Any] | None:
        if wanted != subprocess.PIPE:
            return None
        stream = _Stream(self._fed)
        return io.TextIOWrapper(stream, encoding="utf-8", write_through=True) if self._text else stream

    def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[Any, Any]:
        """Nothing was written."""
        self._fed(input)
        empty: Any = "" if self._text else b""
        return (empty if self.stdout else None), (empty if self.stderr else None)

    def wait(self, timeout: float | None = None) -> int:
        """Exit status 0."""
        return 0

    def poll(self) -> int:
        """Exit status 0."""
        return 0

    def send_signal(self, signal: int) -> None:
        """Nothing is there to be sent a signal."""

    def terminate(self) -> None:
        """Nothing is there to be ended."""

    def kill(self) -> None:
        """Nothing is there to be ended."""

    def __enter__(self) -> RecordedProcess:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    @classmethod
    def __class_getitem__(cls, item: Any) -> type[RecordedProcess]:
        return cls


class _Stream(io.BytesIO):
    """A program's input, where what is written is told, or its output, where nothing is."""

    def __init__(self, fed: Callable[[Any], None]) -> None:
        super().__init__()
        self._fed = fed

    def write(self, data: Any) -> int:
        """Tell it, and keep nothing."""
        self._fed(bytes(data))
        return len(data)


class AsyncProcess:
    """The same for asyncio."""

    pid = _PID
    returncode = 0
    stdin = stdout = stderr = None

    def __init__(self, fed: Callable[[Any], None]) -> None:
        self._fed = fed

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]:
        """Nothing was written."""
        self._fed(input)
        return b"", b""

    async def wait(self) -> int:
        """Exit status 0."""
        return 0

    def terminate(self) -> None:
        """Nothing is there to be ended."""

    def kill(self) -> None:
        """Nothing is there to be ended."""
