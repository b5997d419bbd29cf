"""A learner joins a class by keys and by mouse, and the instructor sees it, in both themes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from sls_lab.exercises import Done, Progress, lessons
from sls_lab.room import join, raise_hand

pytestmark = [pytest.mark.browser]
WORD = "lighthouse-42"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the instructor's page, with its key, as `sls-lab room` prints it."""
    monkeypatch.setenv("SLS_LAB_ROOM_WORD", WORD)
    command = [sys.executable, "-m", "sls_lab", "room", str(tmp_path / "class"), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        yield server.stderr.readline().removeprefix("your page: ").strip()
        server.terminate()


@pytest.mark.parametrize("dark", [False, True])
def test_join_raise_a_hand_and_leave(open_cells: Callable[..., Any], room: str, tmp_path: Path, dark: bool) -> None:
    data = tmp_path / "data"
    notebook = open_cells(
        f"import os; os.environ['XDG_DATA_HOME'] = {str(data)!r}", "from sls_lab.widgets import classroom\nclassroom()"
    )
    if dark:
        notebook.show_theme("Dark")
    page, widget = notebook.page, notebook.page.locator(".sls-classroom")
    widget.get_by_text("In a class? Join its room").click()
    widget.get_by_label("Nickname").fill("Ada")
    widget.get_by_label("Room: an address or a folder").fill(room.partition("?")[0])
    widget.get_by_label("Class word").fill(WORD)
    page.keyboard.press("Enter")
    widget.get_by_text("Your instructor sees how far Ada is.").wait_for()
    assert notebook.violations() == []
    assert notebook.misfits() == []
    widget.get_by_role("button", name="Hand up").focus()
    page.keyboard.press("Enter")
    widget.get_by_text("Your hand is up.").wait_for()
    widget.get_by_role("button", name="Leave the room").click()
    widget.get_by_text("Nobody sees how far you are").wait_for()
    assert notebook.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_instructors_page(browser: Browser, room: str, tmp_path: Path, scheme: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(room)
    page.get_by_text("Nobody has joined yet").wait_for()
    first, second = lessons()[0].exercises[0].id, lessons()[1].exercises[0].id
    for number, name in enumerate(("Ada", "Grace", "Edsger")):
        done = {first: Done(attempts=1 + number, passed=number < 2), second: Done(attempts=2 * number)}
        progress = Progress({id: one for id, one in done.items() if one.attempts})
        member = join(tmp_path / f"{name}.json", room.partition("?")[0], WORD, name, progress)
        raise_hand(tmp_path / f"{name}.json", member, progress, up=name == "Grace")
    page.get_by_text("Hands up:").wait_for()  # by itself
    assert page.get_by_role("row", name="Edsger").first.is_visible()
    page.locator("details").first.click()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert all(url.startswith(room.partition("?")[0]) for url in asked)
    page.close()
