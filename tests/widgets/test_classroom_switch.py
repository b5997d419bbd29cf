from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.exercises import Done, Progress, find, note_down, progress_file
from sls_lab.room import Room, flag_of
from sls_lab.widgets import classroom_switch as classroom
from sls_lab.widgets.classroom_switch import Classroom, tell_room
from sls_lab.widgets.exercises import exercise

WORD = "lighthouse-42"
ID = "00/which-line"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner of its own, and messages that are sent at once."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("SLS_LAB_ROOM", "SLS_LAB_ROOM_WORD", "JUPYTERHUB_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(classroom._COURIER, "send", lambda message: message())


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "class", WORD)


def joined(room: Room) -> Classroom:
    widget = Classroom()
    widget.act("join", place=str(room.folder), word=WORD, nickname="Ada")
    return widget


def test_it_is_off_and_says_what_would_be_sent(room: Room) -> None:
    widget = Classroom()
    assert widget.state == {"on": False, "nickname": "", "place": "", "hand": False}
    assert "no answers, no code" in widget.view["sent"]
    assert tell_room(Progress(), ID) is None
    assert room.standings() == ([], [])


def test_join_hand_leave(room: Room) -> None:
    widget = joined(room)
    assert widget.state["on"]
    widget.act("hand", up=True)
    assert [one.hand for one in room.standings()[0]] == [True]
    widget.act("leave")
    assert not widget.state["on"]
    assert tell_room(Progress(), ID) is None


def test_what_goes_wrong_is_told_and_nothing_is_joined(tmp_path: Path) -> None:
    widget = Classroom()
    widget.act("join", place=str(tmp_path / "nowhere"), word=WORD, nickname="Ada")
    assert "There is no folder" in widget.status or "there is no folder" in widget.status
    assert not widget.state["on"]


def test_an_exercise_tells_the_room(room: Room) -> None:
    joined(room)
    one = find(ID)
    widget = exercise(ID)
    widget.act("commit", answer=one.task.solution)
    ((seen,), _) = room.standings()
    assert seen.tried[ID].passed
    assert seen.latest == ID
    assert flag_of(one, WORD) in widget.status


def test_a_room_that_is_gone_costs_nothing(room: Room) -> None:
    widget = joined(room)
    for file in room.folder.iterdir():
        file.unlink()
    room.folder.rmdir()
    progress = note_down(progress_file(), ID, attempts=1)
    assert progress.of(ID) == Done(attempts=1)
    assert tell_room(progress, ID) is not None
    assert "there is no folder" in widget.status
    assert widget.state["on"]


def test_a_class_server_asks_for_nothing_but_says_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLS_LAB_ROOM", str(room.folder))
    monkeypatch.setenv("SLS_LAB_ROOM_WORD", WORD)
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    widget = Classroom()
    assert widget.state["on"]
    assert (widget.view["place"], widget.view["has_word"]) == (str(room.folder), True)
    assert WORD not in str(widget.view) + str(widget.state)


def test_as_a_page_and_as_text(room: Room) -> None:
    assert "You are in no room" in Classroom().as_html()
    assert "as Ada" in joined(room).as_text()
