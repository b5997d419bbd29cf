"""A class on one server: learners log in, run notebook 00, answer, and analyse what they changed, all at once.

    benchmarks/class_server.py [--learners 10]

It starts the server of `make hub` on free ports and in a folder of its own, and prints the median and the 95th
percentile of each step and the memory of each learner. Then one kernel is killed, one learner's home is full, and the
hub is restarted: nobody may lose work. Exit status 1 says that someone did.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import hub  # noqa: E402
import requests  # noqa: E402
import websocket  # noqa: E402

WORD = "lighthouse-42"
NOTEBOOK = "notebooks/00-start-here.ipynb"
ANSWER = """\
from sls_lab.exercises import find
from sls_lab.widgets import exercise
one = exercise("00/which-line")
one.act("commit", answer=find("00/which-line").task.solution)
assert one.verdict.passed, one.verdict
"""
ANALYSE = """\
import shutil, sls_lab
from pathlib import Path
from sls_lab.app import analyse
copy = Path.home() / "changed"
shutil.rmtree(copy, ignore_errors=True)
shutil.copytree("../code-examples/apps/upload-chain", copy)
handler = copy / "handlers" / "convert.py"
handler.write_text(handler.read_text() + "\\n# " + {name!r} + "\\n")
app = sls_lab.load_app(copy)
analyse([app])
assert app.flows.analysed == "live" and len(app.flows.flows) == 1, app.flows
"""
_PATIENCE = 600.0
_COUNT = """\
from sls_lab.exercises import progress_file, read_progress
print(sum(one.passed for one in read_progress(progress_file()).done.values()))
"""


class Trouble(Exception):
    """A learner could not go on."""


@dataclass
class Learner:
    """One learner with a browser: cookies, a kernel, and what each step took in seconds."""

    base: str
    name: str
    steps: dict[str, float] = field(default_factory=dict)
    kernel: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def home(self) -> str:
        """Where this learner's JupyterLab answers."""
        return f"{self.base}/user/{self.name}/"

    @contextlib.contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note what a step takes."""
        started = time.monotonic()
        yield
        self.steps[step] = time.monotonic() - started

    def log_in(self) -> None:
        """Log in, and wait until JupyterLab answers."""
        with self.timed("log in"):
            self.session.get(f"{self.base}/hub/login", timeout=_PATIENCE)
            form = {"username": self.name, "password": WORD, "_xsrf": self.cookie("/hub/")}
            answer = self.session.post(f"{self.base}/hub/login?next=/hub/home", form, timeout=_PATIENCE)
            if answer.status_code != 200 or "/hub/home" not in answer.url:
                raise Trouble(f"{self.name} cannot log in: {answer.status_code} {answer.url}")
        with self.timed("start JupyterLab"):
            self.session.get(f"{self.base}/hub/spawn", timeout=_PATIENCE)
            progress = f"{self.base}/hub/api/users/{self.name}/server/progress"
            with self.session.get(progress, stream=True, timeout=_PATIENCE) as events:
                for line in events.iter_lines():
                    if b'"ready": true' in line:
                        break
                    if b'"failed": true' in line:
                        raise Trouble(f"{self.name}: {line!r}")
            self.open("lab")

    def come_back(self) -> None:
        """Load the page again."""
        self.open("lab")

    def cookie(self, path: str) -> str:
        """The token that forms below `path` carry."""
        fitting = [one for one in self.session.cookies if one.name == "_xsrf" and path.startswith(one.path or "/")]
        return max(fitting, key=lambda one: len(one.path)).value or "" if fitting else ""

    def open(self, path: str) -> requests.Response:
        """Fetch a page or an answer of JupyterLab."""
        answer = self.session.get(self.home + path, timeout=_PATIENCE)
        if answer.status_code != 200:
            raise Trouble(f"{self.name}: {path} answers {answer.status_code}")
        return answer

    def ask(self, method: str, path: str, data: Any = None) -> Any:
        """Have JupyterLab's server do something."""
        headers = {"X-XSRFToken": self.cookie(f"/user/{self.name}/"), "Referer": self.home}
        answer = self.session.request(method, self.home + path, json=data, headers=headers, timeout=_PATIENCE)
        if not answer.ok:
            raise Trouble(f"{self.name}: {method} {path} answers {answer.status_code} {answer.text[:200]}")
        return answer.json() if answer.content else None

    def run_notebook(self) -> None:
        """Open notebook 00, start its kernel, and run all cells."""
        with self.timed("open notebook 00"):
            content = self.open(f"api/contents/{NOTEBOOK}?content=1").json()["content"]
            self.start_kernel()
        with self.timed("run all of 00"):
            for cell in content["cells"]:
                if cell["cell_type"] == "code":
                    self.run("".join(cell["source"]))

    def start_kernel(self) -> None:
        """A kernel for notebook 00."""
        wanted = {"path": NOTEBOOK, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        self.kernel = self.ask("POST", "api/sessions", wanted)["kernel"]["id"]

    def run(self, code: str) -> str:
        """Run code in the kernel; returns what it prints. Raises Trouble where it fails."""
        client = uuid.uuid4().hex
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.session.cookies)
        address = f"{self.home.replace('http', 'ws', 1)}api/kernels/{self.kernel}/channels?session_id={client}"
        channel = websocket.create_connection(address, cookie=cookies, timeout=_PATIENCE)
        try:
            return self._executed(channel, client, code)
        finally:
            channel.close()

    def _executed(self, channel: Any, client: str, code: str) -> str:
        message = uuid.uuid4().hex
        header = {"msg_id": message, "msg_type": "execute_request", "session": client, "username": "", "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        whole = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        channel.send(json.dumps(whole))
        printed = ""
        while True:
            received = channel.recv()
            if not isinstance(received, str) or not received:
                continue  # a widget's buffers
            answer = json.loads(received)
            if answer.get("parent_header", {}).get("msg_id") != message:
                continue
            kind, inside = answer["msg_type"], answer["content"]
            if kind == "stream":
                printed += inside["text"]
            elif kind == "error":
                raise Trouble(f"{self.name}: {inside['ename']}: {inside['evalue']}")
            elif kind == "status" and inside["execution_state"] == "idle":
                return printed

    def answer(self) -> None:
        """Pass an exercise."""
        with self.timed("answer an exercise"):
            self.run(ANSWER)

    def analyse(self) -> None:
        """Change a handler, and have it analysed live."""
        with self.timed("analyse what was changed"):
            self.run(ANALYSE.replace("{name!r}", repr(self.name)))

    def passed(self) -> int:
        """How many exercises the learner's file says are passed."""
        return int(self.run(_COUNT))


class Server:
    """The class server, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = f"http://127.0.0.1:{free_ports()}"
        self._environment = hub.environment(folder, self.base, WORD)
        self._log = (folder / "log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the hub, and wait until it answers through its proxy."""
        self._process = subprocess.Popen(
            hub.command(), cwd=self.folder, env=self._environment, stdout=self._log, stderr=self._log
        )
        for _ in range(300):
            with contextlib.suppress(OSError):
                if requests.get(f"{self.base}/hub/api/", timeout=10).ok:
                    return
            time.sleep(0.3)
        raise Trouble(f"the hub does not answer; {self.folder / 'log'} says why")

    def stop_hub(self) -> None:
        """Stop the hub alone: the servers of learners go on."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=300)

    def end(self) -> None:
        """Stop everything that was started for this folder."""
        self.stop_hub()
        for pid in processes(str(self.folder)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._log.close()

    def memory(self, name: str) -> float:
        """The memory that one learner's processes have for themselves, in MB."""
        return sum(private_memory(pid) for pid in processes(f"/homes/{name}"))

    def kernels(self, name: str) -> list[int]:
        """The kernels of one learner."""
        return [pid for pid in processes(f"/homes/{name}") if b"ipykernel_launcher" in command_line(pid)]


def processes(folder: str) -> list[int]:
    """The processes that run for a learner or for the server: their home, or their command, names the folder."""
    wanted = folder.encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                variables = (entry / "environ").read_bytes().split(b"\0")
                named = [one for one in variables if one.startswith((b"HOME=", b"SLS_LAB_HUB_FOLDER="))]
                if any(one.endswith(wanted) for one in named):
                    found.append(int(entry.name))
    return found


def command_line(pid: int) -> bytes:
    """The command of a process."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def private_memory(pid: int) -> float:
    """What a process has for itself, in MB."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def free_ports() -> int:
    """The first of four neighbouring ports that are free."""
    for port in range(8400, 9400, 10):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for number in range(port, port + 4):
                stack.enter_context(socket.create_server(("127.0.0.1", number)))
            return port
    raise Trouble("there are no four neighbouring ports")


def together(learners: list[Learner], step: Callable[[Learner], None]) -> list[str]:
    """Have all learners do a step at once; what went wrong."""

    def attempt(learner: Learner) -> str:
        try:
            step(learner)
        except (Trouble, OSError, requests.RequestException, websocket.WebSocketException) as error:
            return f"{type(error).__name__}: {error}"
        return ""

    with ThreadPoolExecutor(len(learners)) as pool:
        return [wrong for wrong in pool.map(attempt, learners) if wrong]


def table(learners: list[Learner]) -> str:
    """The steps with their median and 95th percentile, in seconds."""
    lines = [f"{'step':28} {'p50':>7} {'p95':>7}"]
    for step in learners[0].steps:
        taken = sorted(one.steps[step] for one in learners if step in one.steps)
        last = taken[min(len(taken) - 1, round(0.95 * (len(taken) - 1)))]
        lines.append(f"{step:28} {statistics.median(taken):6.1f}s {last:6.1f}s")
    return "\n".join(lines)


def faults(server: Server, learners: list[Learner]) -> list[str]:
    """Kill a kernel, fill a home, restart the hub; who lost work."""
    lost = []
    first, second, *_ = learners
    for pid in server.kernels(first.name):
        os.kill(pid, signal.SIGKILL)
    first.start_kernel()
    if first.passed() != 1:
        lost.append(f"{first.name}, whose kernel was killed")
    with full(server.folder / "homes" / second.name):
        said = second.run(
            "from sls_lab.widgets import exercise\none = exercise('00/which-line')\none.act('hint')\nprint(one.status)"
        )
        print(f"with a full home, an exercise says: {said.strip() or 'nothing'}")
    if second.passed() != 1:
        lost.append(f"{second.name}, whose home was full")
    server.stop_hub()
    if first.passed() != 1:  # while the hub is away
        lost.append(f"{first.name}, while the hub was away")
    server.start()
    lost += together(learners, Learner.come_back)
    for one in learners:
        if one.passed() != 1:
            lost.append(f"{one.name}, after the hub was restarted")
    return lost


@contextlib.contextmanager
def full(home: Path) -> Iterator[None]:
    """A home to which nothing can be written: as on a full disk for whoever is not root, and for root read-only."""
    data = home / ".local" / "share" / "sls-lab"
    aside = data.with_name("sls-lab-aside")
    shutil.copytree(data, aside)
    small = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4k", "full", str(data)], capture_output=True, check=False
    )
    try:
        if small.returncode == 0:
            with contextlib.suppress(OSError):
                shutil.copytree(aside, data, dirs_exist_ok=True)
                (data / "filler").write_bytes(b"x" * 8192)
        else:
            data.chmod(0o500)
        yield
    finally:
        if small.returncode == 0:
            subprocess.run(["umount", str(data)], check=True)
        else:
            data.chmod(0o700)
        shutil.rmtree(aside)


def main() -> int:
    """Run the class; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure a class on one server.")
    parser.add_argument("--learners", type=int, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sls-lab-hub-") as folder:
        server = Server(Path(folder))
        wrong: list[str] = []
        try:
            server.start()
            learners = [Learner(server.base, f"learner{number}") for number in range(1, arguments.learners + 1)]
            for about, step in (
                ("logging in", Learner.log_in),
                ("running notebook 00", Learner.run_notebook),
                ("answering", Learner.answer),
                ("analysing", Learner.analyse),
            ):
                print(f"{len(learners)} learners are {about} …", flush=True)
                wrong += together(learners, step)
            print(table(learners))
            used = [server.memory(one.name) for one in learners]
            print(f"memory of a learner: {statistics.median(used):.0f} MB, at most {max(used):.0f} MB")
            if not wrong:
                wrong += [f"work was lost: {one}" for one in faults(server, learners)]
            seen = requests.get(
                f"{server.base}/services/room/class.csv",
                params={"key": hub.kept(Path(folder) / "room-key")},
                timeout=60,
            )
            print(f"the room's table has {len(seen.text.splitlines()) - 1} learners")
        finally:
            server.end()
            if wrong:
                print(*wrong, sep="\n")
                shutil.copy(Path(folder) / "log", Path(tempfile.gettempdir()) / "sls-lab-hub.log")
    print("nobody lost work" if not wrong else "this is not as it should be")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
