"""The room's server on the loopback: learners post, the instructor looks, and nobody else sees anything."""

from __future__ import annotations

import asyncio
import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from tornado.ioloop import IOLoop

from sls_lab.exercises import Done, Progress, lessons
from sls_lab.room import NotJoined, Room, join, raise_hand
from sls_lab.room.message import sealed
from sls_lab.room.server import serve
from tests.room.members import WORD, standing

PROGRESS = Progress({lessons()[0].exercises[0].id: Done(attempts=2, passed=True)})


@pytest.fixture(params=["/", "/services/room/"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of the instructor's page, with its key."""
    told: queue.Queue[tuple[IOLoop, str]] = queue.Queue()

    def run() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())

        def ready(address: str) -> None:
            told.put((IOLoop.current(), address))

        room = Room(tmp_path / "class", WORD)
        serve(room, lessons(), WORD, address="127.0.0.1", port=0, prefix=request.param, key="the-key", ready=ready)
        IOLoop.current().close(all_fds=True)

    thread = threading.Thread(target=run)
    thread.start()
    loop, address = told.get(timeout=60)
    yield address
    loop.add_callback(loop.stop)
    thread.join(timeout=60)
    assert not thread.is_alive()


def root(page: str) -> str:
    """What learners are told."""
    return page.partition("?")[0]


def instructor(page: str) -> urllib.request.OpenerDirector:
    """A browser that has opened the page once."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    browser.open(page).close()
    return browser


def looked_at(browser: urllib.request.OpenerDirector, address: str) -> str:
    with browser.open(address) as answer:
        return str(answer.read().decode())


def test_who_joins_and_raises_a_hand_is_seen(page: str, tmp_path: Path) -> None:
    browser = instructor(page)
    assert "Nobody has joined yet" in looked_at(browser, root(page))
    file = tmp_path / "room.json"
    member = join(file, root(page), WORD, "Ada", PROGRESS)
    raise_hand(file, member, PROGRESS, up=True)
    assert "<strong>Hands up:</strong> Ada" in looked_at(browser, f"{root(page)}now")
    assert looked_at(browser, f"{root(page)}class.csv").splitlines()[1].startswith("Ada,1,2,")
    assert looked_at(browser, f"{root(page)}ctfd.csv").startswith("name,category")


def test_a_wrong_word_and_a_taken_nickname_are_told_to_the_learner(page: str, tmp_path: Path) -> None:
    with pytest.raises(NotJoined, match="not signed with this class's word"):
        join(tmp_path / "one.json", root(page), "guessed", "Ada", PROGRESS)
    join(tmp_path / "one.json", root(page), WORD, "Ada", PROGRESS)
    with pytest.raises(NotJoined, match="someone else is called Ada"):
        join(tmp_path / "two.json", root(page), WORD, "Ada", PROGRESS)


def test_a_message_that_is_too_long_is_refused(page: str) -> None:
    with pytest.raises((urllib.error.HTTPError, OSError)):
        urllib.request.urlopen(f"{root(page)}standing", b"x" * 1_000_000)
    assert "Nobody has joined yet" in looked_at(instructor(page), root(page))


@pytest.mark.parametrize("name", ["", "now", "class.csv", "ctfd.csv", "?key=guessed"])
def test_nobody_else_sees_anything(page: str, name: str) -> None:
    message = sealed(standing("Ada"), WORD).encode()
    with urllib.request.urlopen(f"{root(page)}standing", message) as answer:
        assert answer.status == 204
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(root(page) + name)
    assert refused.value.code == 403
    assert b"Ada" not in refused.value.read()


def test_the_page_fetches_nothing_from_elsewhere(page: str) -> None:
    text = looked_at(instructor(page), root(page))
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text
