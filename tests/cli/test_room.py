from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.cli import main
from sls_lab.exercises import Progress
from sls_lab.room import Room, join

WORD = "lighthouse-42"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SLS_LAB_ROOM_WORD", WORD)
    folder = Room(tmp_path / "class", WORD).folder
    join(tmp_path / "room.json", str(folder), WORD, "Ada", Progress())
    return folder


def test_a_class_as_a_table(place: Path, capsys: Captured) -> None:
    assert main(["room", str(place), "--export", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("Ada,0,")


def test_the_exercises_for_a_contest(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "contest.csv"
    assert main(["room", str(place), "--export", "ctfd", "--output", str(file)]) == 0
    assert "sls{" in file.read_text()


def test_a_learner_is_removed(place: Path, capsys: Captured) -> None:
    assert main(["room", str(place), "--remove", "Ada"]) == 0
    assert main(["room", str(place), "--remove", "Ada"]) == 2
    said = capsys.readouterr().err
    assert "1 learner removed" in said
    assert "nobody" in said


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--prefix", "room"], "begins and ends with a slash"),
        (["--port", "70000"], "not a port"),
        (["--listen", "192.0.2.1", "--port", "0"], "cannot be used"),
    ],
)
def test_what_cannot_be_served_is_told(arguments: list[str], complaint: str, place: Path, capsys: Captured) -> None:
    assert main(["room", str(place), *arguments]) == 2
    assert complaint in capsys.readouterr().err


def test_without_a_word_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.delenv("SLS_LAB_ROOM_WORD", raising=False)
    assert main(["room", str(tmp_path), "--export", "csv"]) == 2
    assert "SLS_LAB_ROOM_WORD" in capsys.readouterr().err
