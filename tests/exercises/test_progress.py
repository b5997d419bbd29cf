"""What a learner has done is kept in one file, which may be lost, broken or forbidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sls_lab.cli import main
from sls_lab.exercises import (
    Done,
    UnusableProgress,
    exercises,
    note_down,
    note_time,
    progress_file,
    read_progress,
    reset,
)
from sls_lab.exercises.progress import IDLE

ID = "01/how-many-public"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_attempts_add_up_and_what_was_passed_stays_passed() -> None:
    file = progress_file()
    assert read_progress(file).of(ID) == Done()
    note_down(file, ID, attempts=1, passed=False)
    note_down(file, ID, hints=2)
    note_down(file, ID, attempts=1, passed=True)
    note_down(file, ID, hints=1)
    note_down(file, ID, attempts=1, passed=False)
    note_down(file, ID, solution_seen=True)
    assert read_progress(file).of(ID) == Done(attempts=3, hints=2, solution_seen=True, passed=True)
    assert [one.name for one in file.parent.iterdir()] == ["progress.json"]
    reset(file)
    assert read_progress(file).of(ID) == Done()


def test_each_learner_has_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress_file("ada").name == "progress-ada.json"
    monkeypatch.setenv("SLS_LAB_LEARNER", "grace")
    assert progress_file().name == "progress-grace.json"
    assert progress_file("ada").name == "progress-ada.json"


@pytest.mark.parametrize("name", ["../ada", "a/b", ".hidden", "x" * 65, "a b", "ada\n"])
def test_a_learner_is_called_by_a_plain_word(name: str) -> None:
    with pytest.raises(UnusableProgress, match="cannot be a learner"):
        progress_file(name)


def test_without_a_data_folder_it_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert progress_file() == tmp_path / ".local/share/sls-lab/progress.json"


BROKEN = ["{", "", "[]", "[1]", '{"schema": "other"}', '{"schema": "sls-lab/progress/1", "exercises": {"a": 1}}']


@pytest.mark.parametrize("text", [*BROKEN, "[" * 100_000])
def test_a_broken_file_is_kept_beside_a_fresh_start(text: str) -> None:
    file = progress_file()
    file.parent.mkdir(parents=True)
    file.write_text(text)
    progress = read_progress(file)
    assert progress.done == {}
    assert "starts again" in progress.note
    assert file.with_name("progress.unreadable.json").read_text() == text
    note_down(file, ID, passed=True)
    assert read_progress(file).of(ID).passed
    assert read_progress(file).note == ""


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sls-lab").write_text("in the way")
    with pytest.raises(UnusableProgress, match="cannot be"):
        note_down(progress_file(), ID, passed=True)


def test_the_command_shows_a_bar_for_each_lesson(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["progress"]) == 0
    assert f"0 of {len(exercises())} exercises passed, 0 %" in capsys.readouterr().out
    note_down(progress_file("ada"), ID, attempts=1, passed=True)
    assert main(["progress", "--learner", "ada"]) == 0
    out = capsys.readouterr().out
    assert "01  Reading a template" in out
    assert "█" in out
    assert main(["progress", "--learner", "ada", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    (done,) = [one for lesson in data["lessons"] for one in lesson["exercises"] if one["passed"]]
    assert done == {"id": ID, "attempts": 1, "hints": 0, "solution_seen": False, "passed": True}
    assert main(["progress", "--learner", "ada", "--reset"]) == 0
    said = capsys.readouterr()
    assert "starts again" in said.err
    assert "█" not in said.out


def test_the_command_says_when_a_file_was_broken(capsys: pytest.CaptureFixture[str]) -> None:
    file = progress_file()
    file.parent.mkdir(parents=True)
    file.write_text("{")
    assert main(["progress"]) == 0
    said = capsys.readouterr()
    assert "could not be read" in said.err
    assert main(["progress", "--learner", "a/b"]) == 2


def test_time_is_counted_between_signs_of_life_and_not_while_nobody_is_at_work() -> None:
    file = progress_file()
    for lesson, now in (("01", 1000.0), ("01", 1060.0), ("02", 1070.0), ("01", 1120.0), ("01", 1120.0 + IDLE + 1)):
        note_time(file, lesson, now)
    progress = read_progress(file)
    assert {number: one.seconds for number, one in progress.spent.items()} == {"01": 120.0, "02": 0.0}
    note_down(file, ID, attempts=1)
    assert read_progress(file).spent == progress.spent
    note_time(file, "01", 50.0)  # the computer's clock was put back
    assert read_progress(file).spent["01"].seconds == 120.0


def test_a_file_of_an_earlier_version_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    file = progress_file()
    file.parent.mkdir(parents=True)
    done = {"attempts": 1, "hints": 0, "solution_seen": False, "passed": True}
    file.write_text(json.dumps({"schema": "sls-lab/progress/1", "exercises": {ID: done}}))
    assert read_progress(file).of(ID).passed
    assert main(["progress", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["lessons"][1]["minutes"] == 0
