"""JupyterLab as a user starts it, and a Chromium to use it with."""

from __future__ import annotations

import ast
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import find_chromium
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
# The kit's own settings, as `make lab` puts them into .venv, and two that make the test's page hold still.
SETTINGS = json.loads((ROOT / "scripts" / "jupyterlab-settings.json").read_text()) | {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
# No sandbox (it needs privileges that root in a container lacks), and nothing that asks the network by itself.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOTEBOOK_SHOWN = """() => {
    const shown = window.jupyterapp?.shell.currentWidget;
    return Boolean(shown?.content?.widgets && shown.context && shown.sessionContext);
}"""
NOTEBOOK_READY = """async () => {
    const shown = jupyterapp.shell.currentWidget;
    await shown.context.ready;
    await shown.sessionContext.ready;
}"""
# What an earlier test has opened is closed, its dialogs and what it kept in the browser with it.
TURN_TO = """async path => {
    document.querySelectorAll('.jp-Dialog').forEach(dialog => dialog.remove());
    [...jupyterapp.shell.widgets('main')].forEach(widget => widget.dispose());
    sessionStorage.clear();
    localStorage.clear();
    await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
}"""
SHOW_THEME = """async theme => {
    await jupyterapp.commands.execute('apputils:change-theme', {theme});
}"""
THEME_SHOWN = "name => document.body.dataset.jpThemeLight === String(name === 'Light')"
COMPLAINTS_OF_CELLS = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')
    .flatMap(cell => cell.model.outputs.toJSON())
    .filter(output => output.output_type === 'error' || output.name === 'stderr')
    .map(output => output.text ?? `${output.ename}: ${output.evalue}`)"""
ASK_KERNEL = """async expression => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const asked = kernel.requestExecute({
        code: 'import json as _json', silent: true, store_history: false,
        user_expressions: {answer: `_json.dumps(${expression})`},
    });
    const answer = (await asked.done).content.user_expressions.answer;
    return answer.status === 'ok' ? {value: answer.data['text/plain']} : {error: answer.evalue};
}"""

# What is wider than its place: a widget that scrolls sideways as a whole, a button or heading whose text is cut, two
# controls one above the other. Code, graphs and tables scroll in boxes of their own, which is as it should be.
MISFITS = """() => {
    const wrong = [];
    const CONTROLS = 'button, select, label, input, textarea, h4, summary, .sls-status';
    const say = (what, element) => wrong.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
    const seen = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const place = element => {
        let {left, top, right, bottom} = element.getBoundingClientRect();
        for (let box = element.parentElement; box && !box.matches('.sls'); box = box.parentElement) {
            if (getComputedStyle(box).overflow === 'visible') continue;
            const its = box.getBoundingClientRect();
            [left, top] = [Math.max(left, its.left), Math.max(top, its.top)];
            [right, bottom] = [Math.min(right, its.right), Math.min(bottom, its.bottom)];
        }
        return {element, left, top, right, bottom};
    };
    for (const widget of [...document.querySelectorAll('.sls')].filter(seen)) {
        if (widget.scrollWidth > widget.clientWidth + 1) say('a widget is wider than its place', widget);
        const controls = [...widget.querySelectorAll(CONTROLS)]
            .filter(element => seen(element) && element.closest('.sls') === widget && !element.closest('.sls-hidden'));
        for (const control of controls.filter(element => element.matches('button, label, h4, summary'))) {
            if (control.clientWidth && control.scrollWidth > control.clientWidth + 1) say('a text is cut', control);
        }
        const places = controls.map(place).filter(({left, top, right, bottom}) => right > left + 2 && bottom > top + 2);
        places.forEach((one, number) => {
            for (const other of places.slice(number + 1)) {
                if (one.element.contains(other.element)) continue;
                const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
                const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
                if (across > 2 && down > 2) say(`it covers ${one.element.outerHTML.slice(0, 160)}`, other.element);
            }
        });
    }
    return wrong;
}"""


@dataclass
class Notebook:
    """One notebook open in JupyterLab. `strangers` are requests to any other host, `complaints` the page's errors."""

    page: Page
    base: str
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def load(self, path: str, token: str) -> None:
        """Load a page of JupyterLab that shows a notebook, and wait until its kernel answers."""
        own = (f"{self.base}/", self.base.replace("http", "ws", 1) + "/", "data:", "blob:", "about:")
        self.page.on("request", lambda request: None if request.url.startswith(own) else self._strange(request.url))
        self.page.on("websocket", lambda socket: None if socket.url.startswith(own) else self._strange(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.page.goto(f"{self.base}/{path}?token={token}")
        self.wait_until_ready()

    def turn_to(self, path: str, width: int, height: int) -> None:
        """Have a page that is loaded show a notebook, as if it were new, and wait until its kernel answers."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(forced_colors="none", reduced_motion="no-preference", color_scheme="light")
        self.show_theme("Light")
        self.page.evaluate(TURN_TO, path)
        self.wait_until_ready()
        self.strangers.clear()
        self.complaints.clear()

    def run_all(self) -> None:
        """Run all cells and wait for the last; an error in any of them, or a warning, fails the test."""
        self.do("notebook:run-all-cells")
        assert self.page.evaluate(COMPLAINTS_OF_CELLS) == []

    def wait_until_ready(self) -> None:
        """Return when a notebook is shown and its kernel answers."""
        self.page.wait_for_function(NOTEBOOK_SHOWN)
        self.page.evaluate(NOTEBOOK_READY)

    def do(self, command: str) -> None:
        """Have JupyterLab run one of its commands to its end."""
        self.page.evaluate("async command => { await jupyterapp.commands.execute(command); }", command)

    def show_theme(self, name: str) -> None:
        """Change to JupyterLab's theme "Light" or "Dark", and wait until the page has its colours."""
        self.page.evaluate(SHOW_THEME, f"JupyterLab {name}")
        self.page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === light", arg=str(name == "Light").lower()
        )

    def violations(self, selector: str = ".sls", themes: Sequence[str] = ("Dark", "Light")) -> list[str]:
        """What axe-core finds wrong inside the widgets in each of the themes, of serious or critical impact."""
        found = []
        for theme in themes:
            self.show_theme(theme)
            found += [
                f"{theme}, {one['id']}: {node['html'][:200]}"
                for one in Axe().run(self.page, context={"include": [[selector]]}).response["violations"]
                if one["impact"] in {"serious", "critical"}
                for node in one["nodes"]
            ]
        return found

    def misfits(self) -> list[str]:
        """What of the widgets is cut, covered or wider than its place."""
        found: list[str] = self.page.evaluate(MISFITS)
        return found

    def ask(self, expression: str) -> Any:
        """The value of a Python expression in the notebook's kernel."""
        answer = self.page.evaluate(ASK_KERNEL, expression)
        assert "error" not in answer, answer
        return json.loads(ast.literal_eval(answer["value"]))

    def _strange(self, url: str) -> None:
        self.strangers.append(url)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab on a copy of the clone in `folder`."""

    base: str
    token: str
    folder: Path


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """What `make lab` starts, on a copy of what notebooks need, with folders of its own for everything it stores."""
    folder = tmp_path_factory.mktemp("lab with space")
    shared = folder / "clone"
    for name in ("notebooks", "code-examples", "scripts", "sls_lab"):
        shutil.copytree(ROOT / name, shared / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__"))
    settings = folder / "config" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS))
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    running = Lab(f"http://127.0.0.1:{free_port()}", secrets.token_hex(8), shared)
    command = [
        *(sys.executable, str(shared / "scripts" / "lab.py"), "--no-browser", "--ip=127.0.0.1"),
        *(f"--port={running.base.rpartition(':')[2]}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={running.token}", "--LabApp.expose_app_in_browser=True"),
    ]
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(running, server, log)
            yield running
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(lab: Lab, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; fail with its log when it ended or a minute has passed."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{lab.base}/api/status?token={lab.token}", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)


def shut_down_kernels(lab: Lab) -> None:
    """End every kernel that runs under a JupyterLab: dozens of them would slow down each other and all that follows."""
    headers = {"Authorization": f"token {lab.token}"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{lab.base}/api/kernels", headers=headers), timeout=30
    ) as answer:
        kernels = json.load(answer)
    for kernel in kernels:
        address = f"{lab.base}/api/kernels/{kernel['id']}"
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers, method="DELETE"), timeout=30):
            pass


@pytest.fixture
def end_kernels(lab: Lab) -> Callable[[], None]:
    """End every kernel, as at the end of a day."""
    return lambda: shut_down_kernels(lab)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one the tests that ask for it fail (they are left out before, except under CI)."""
    program = find_chromium()
    if program is None:
        pytest.fail("There is no Chromium: install the package chromium, or set CHROMIUM to its program.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Window:
    """A page of JupyterLab that tests use one after another, since loading one takes longer than most tests.

    `uses` counts them; after the `MOST` it is loaded anew, so that what they leave does not add up. `sound` is False
    after a test that failed and may have left anything.
    """

    MOST: ClassVar[int] = 15
    notebook: Notebook | None = None
    uses: int = 0
    sound: bool = True

    def close(self) -> None:
        """Close the page, if there is one."""
        if self.notebook is not None:
            self.notebook.page.context.close()
        self.notebook, self.uses, self.sound = None, 0, True


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Window]:
    """The page that tests share."""
    shared = Window()
    yield shared
    shared.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Have no test use the page of one that failed."""
    report = yield
    shared = getattr(item, "funcargs", {}).get("window")
    if shared is not None and call.excinfo is not None:
        shared.sound = False
    return report


def load_page(lab: Lab, browser: Browser, path: str, width: int, height: int) -> Notebook:
    """A page of JupyterLab in a fresh browser profile and, where it shows a notebook, a workspace of its own."""
    # The server remembers a theme that an earlier test chose.
    shutil.rmtree(lab.folder.parent / "settings", ignore_errors=True)
    if path.endswith(".ipynb"):
        path = f"lab/workspaces/test-{secrets.token_hex(4)}/tree/{path}"
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.set_default_timeout(60_000)
    notebook = Notebook(page, lab.base)
    notebook.load(path, lab.token)
    return notebook


@pytest.fixture
def open_page(lab: Lab, browser: Browser) -> Iterator[Callable[..., Notebook]]:
    """Load JupyterLab anew, for a test of what loading brings or keeps."""
    opened = []

    def go(path: str, width: int = 1400, height: int = 1300) -> Notebook:
        opened.append(load_page(lab, browser, path, width, height))
        return opened[-1]

    yield go
    for notebook in opened:
        notebook.page.context.close()
    shut_down_kernels(lab)


@pytest.fixture
def open_notebook(lab: Lab, browser: Browser, window: Window) -> Iterator[Callable[..., Notebook]]:
    """Open a notebook in the page that tests share; what it showed before is closed."""

    def go(path: str, width: int = 1400, height: int = 1300) -> Notebook:
        if not window.sound or window.uses == Window.MOST:
            window.close()
        window.uses += 1
        if window.notebook is None:
            window.notebook = load_page(lab, browser, path, width, height)
        else:
            window.notebook.turn_to(path, width, height)
        return window.notebook

    yield go
    shut_down_kernels(lab)


@pytest.fixture
def blank(browser: Browser) -> Iterator[Notebook]:
    """A page without JupyterLab, to try what looks at pages."""
    page = browser.new_page()
    yield Notebook(page, "")
    page.close()


@pytest.fixture
def open_cells(
    lab: Lab, open_notebook: Callable[..., Notebook], open_page: Callable[..., Notebook]
) -> Callable[..., Notebook]:
    """Open a notebook of these code cells, beside the kit's own, and run it; `anew` loads a page for it."""

    def go(*cells: str, width: int = 1400, height: int = 1300, anew: bool = False) -> Notebook:
        content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        # Without a kernel's name JupyterLab asks for one, and waits.
        content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        name = f"notebooks/test-{secrets.token_hex(4)}.ipynb"
        nbformat.write(content, lab.folder / name)
        notebook = (open_page if anew else open_notebook)(name, width, height)
        notebook.run_all()
        return notebook

    return go
