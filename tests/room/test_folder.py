from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from sls_lab.room.folder import Room, leave_message
from sls_lab.room.message import Refused, sealed
from sls_lab.room.standing import Standing
from tests.room.members import WORD, renumbered, standing


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "class", WORD)


def send(room: Room, one: Standing, word: str = WORD) -> None:
    room.receive(sealed(one, word).encode())


def test_the_latest_message_of_each_learner_counts(room: Room) -> None:
    send(room, standing("Grace"))
    send(room, standing("Ada"))
    send(room, standing("Ada", number=2, e00_start=(1, True)))
    found, refused = room.standings()
    assert [(one.nickname, one.passed) for one in found] == [("Ada", 1), ("Grace", 0)]
    assert not refused


def test_a_message_that_is_sent_again_is_refused(room: Room) -> None:
    send(room, standing("Ada", number=3))
    for number in (3, 2):
        with pytest.raises(Refused, match="not newer"):
            send(room, standing("Ada", number=number))


def test_a_nickname_is_had_by_one(room: Room) -> None:
    send(room, standing("Ada"))
    other = replace(standing("Ada"), learner="0" * 32)
    with pytest.raises(Refused, match="someone else is called Ada"):
        send(room, other)
    assert room.remove("Ada") == 1
    send(room, other)
    assert [one.learner for one in room.standings()[0]] == ["0" * 32]


def test_a_forged_message_changes_nothing(room: Room) -> None:
    send(room, standing("Ada"))
    with pytest.raises(Refused):
        send(room, renumbered(standing("Ada"), 9), word="guessed")
    assert [one.number for one in room.standings()[0]] == [1]


@pytest.mark.posix
def test_files_that_someone_laid_there_do_not_count_and_are_named(room: Room, tmp_path: Path) -> None:
    leave_message(room.folder, standing("Eve").learner, sealed(standing("Eve"), "guessed").encode())
    leave_message(room.folder, "another learner", sealed(standing("Bob"), WORD).encode())
    (room.folder / "noise.standing.json").write_bytes(b"\xff\x00")
    (room.folder / "huge.standing.json").write_bytes(b"x" * 100_000)
    (room.folder / "zero.standing.json").symlink_to("/dev/zero")
    os.mkfifo(room.folder / "pipe.standing.json")
    (room.folder / "notes.txt").write_text("not a message")
    send(room, standing("Ada"))
    found, refused = room.standings()
    assert [one.nickname for one in found] == ["Ada"]
    whys = {one.file.partition(".")[0]: one.why for one in refused}
    assert len(refused) == 6
    assert "regular file" in whys["zero"]
    assert "regular file" in whys["pipe"]
    assert "bytes" in whys["huge"]
    assert sum("this class's word" in why for why in whys.values()) == 1
    assert sum("another learner" in why for why in whys.values()) == 1


def test_a_message_replaces_the_one_before_whole(room: Room) -> None:
    for number in range(1, 4):
        leave_message(room.folder, standing("Ada").learner, sealed(standing("Ada", number=number), WORD).encode())
    assert len(list(room.folder.iterdir())) == 1
    assert [one.number for one in room.standings()[0]] == [3]
