from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from sls_lab.exercises import Done, Progress
from sls_lab.room import NotJoined, Room, join, leave, raise_hand, read_membership, send_standing
from tests.room.members import WORD

NOWHERE: Mapping[str, str] = {}
DONE = Progress({"00/start": Done(attempts=2, passed=True), "01/looked-at": Done()})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "room.json"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return Room(tmp_path / "class", WORD).folder


def test_nothing_is_sent_before_the_learner_says_so(file: Path) -> None:
    assert read_membership(file, NOWHERE) is None


def test_who_joins_is_seen_with_what_was_done_before(file: Path, place: Path) -> None:
    member = join(file, str(place), WORD, "  Ada ", DONE)
    assert read_membership(file, NOWHERE) == member
    ((seen,), _) = Room(place, WORD).standings()
    assert (seen.nickname, seen.passed, list(seen.tried)) == ("Ada", 1, ["00/start"])


@pytest.mark.posix
def test_the_file_with_the_word_is_the_learners_own(file: Path, place: Path) -> None:
    join(file, str(place), WORD, "Ada", DONE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_later_messages_are_newer(file: Path, place: Path) -> None:
    member = join(file, str(place), WORD, "Ada", DONE)
    member = raise_hand(file, member, DONE, up=True)
    member = send_standing(file, member, DONE, "03/link")
    ((seen,), _) = Room(place, WORD).standings()
    assert (seen.number, seen.hand, seen.latest) == (3, True, "03/link")
    assert not raise_hand(file, member, DONE, up=False).hand


def test_who_leaves_and_comes_back_is_the_same_learner(file: Path, place: Path) -> None:
    member = join(file, str(place), WORD, "Ada", DONE)
    leave(file)
    assert read_membership(file, NOWHERE) is None
    again = join(file, str(place), WORD, "Ada L.", DONE)
    assert again.learner == member.learner
    assert [one.nickname for one in Room(place, WORD).standings()[0]] == ["Ada L."]


@pytest.mark.parametrize("nickname", ["", "   ", "<script>", "x" * 31, "-"])
def test_a_nickname_has_a_form(nickname: str, file: Path, place: Path) -> None:
    with pytest.raises(NotJoined, match="nickname"):
        join(file, str(place), WORD, nickname, DONE)
    assert not file.exists()


@pytest.mark.parametrize("where", ["no-such-folder", "http://127.0.0.1:1/", "http://[", "https:///x"])
def test_a_room_that_is_not_there_is_told_and_not_joined(where: str, file: Path, tmp_path: Path) -> None:
    where = where if where.startswith("http") else str(tmp_path / where)
    with pytest.raises(NotJoined):
        join(file, where, WORD, "Ada", DONE)
    assert read_membership(file, NOWHERE) is None


def test_a_class_server_turns_it_on_until_the_learner_turns_it_off(file: Path, place: Path) -> None:
    offered = {"SLS_LAB_ROOM": str(place), "SLS_LAB_ROOM_WORD": WORD, "JUPYTERHUB_USER": "ada"}
    member = read_membership(file, offered)
    assert member is not None
    send_standing(file, member, DONE)
    assert [one.nickname for one in Room(place, WORD).standings()[0]] == ["ada"]
    leave(file)
    assert read_membership(file, offered) is None


def test_a_room_that_is_offered_elsewhere_than_on_a_class_server_is_not_joined(file: Path, place: Path) -> None:
    assert read_membership(file, {"SLS_LAB_ROOM": str(place), "SLS_LAB_ROOM_WORD": WORD}) is None


@pytest.mark.parametrize("text", ["", "[]", '{"place": 1}', "{", "null"])
def test_a_file_that_is_broken_sends_nothing(text: str, file: Path) -> None:
    file.parent.mkdir()
    file.write_text(text)
    assert read_membership(file, NOWHERE) is None
