"""A learner's copy of the course: complete at first, renewed later, and never overwritten where it was changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sls_lab.cli import main
from sls_lab.course import UnusableFolder, course_folder, example_applications, lay_course, laying
from sls_lab.course.laying import LEDGER

FILES = {
    "notebooks/00-start-here.ipynb": "{}",
    "notebooks/01-reading.ipynb": "one",
    "code-examples/apps/chain/expected.yml": "flows: []",
    "code-examples/apps/chain/odd näme.py": "x = 1",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def held(folder: Path) -> dict[str, str]:
    """All files below a folder but the ledger, with what is in them."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != LEDGER)
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small course in place of the kit's own."""
    folder = tmp_path / "installed"
    write(folder, FILES)
    monkeypatch.setattr(laying, "course_folder", lambda: folder)
    return folder


def test_a_new_folder_gets_all_of_it(course: Path, tmp_path: Path) -> None:
    write(
        course, {"notebooks/.ipynb_checkpoints/00.ipynb": "left over", "code-examples/__pycache__/x.pyc": "left over"}
    )
    laid = lay_course(tmp_path / "new" / "mine")
    assert held(tmp_path / "new" / "mine") == FILES
    assert sorted(laid.added) == sorted(FILES)
    assert not (laid.renewed or laid.unchanged or laid.kept or laid.outdated or laid.dropped)


def test_a_second_run_changes_nothing(course: Path, tmp_path: Path) -> None:
    lay_course(tmp_path / "mine")
    laid = lay_course(tmp_path / "mine")
    assert sorted(laid.unchanged) == sorted(FILES)
    assert not (laid.added or laid.renewed or laid.kept)


def test_a_later_version_adds_and_renews_and_keeps_what_the_learner_changed(course: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    lay_course(mine)
    write(mine, {"notebooks/01-reading.ipynb": "my answer", "notebooks/notes.txt": "my own"})
    (course / "code-examples/apps/chain/odd näme.py").unlink()
    later = {
        "notebooks/00-start-here.ipynb": "later",
        "notebooks/01-reading.ipynb": "later",
        "notebooks/02.ipynb": "two",
    }
    write(course, later)
    laid = lay_course(mine)
    assert held(mine) == {**FILES, **later, "notebooks/01-reading.ipynb": "my answer", "notebooks/notes.txt": "my own"}
    assert laid.added == ("notebooks/02.ipynb",)
    assert laid.renewed == ("notebooks/00-start-here.ipynb",)
    assert laid.kept == laid.outdated == ("notebooks/01-reading.ipynb",)
    assert laid.dropped == ("code-examples/apps/chain/odd näme.py",)


def test_a_version_that_was_skipped_is_still_known_as_the_kits_own(course: Path, tmp_path: Path) -> None:
    mine, file = tmp_path / "mine", "notebooks/01-reading.ipynb"
    lay_course(mine)
    write(course, {file: "two"})
    lay_course(mine)
    write(mine, {file: "one"})  # as the first version had it
    write(course, {file: "three"})
    assert lay_course(mine).renewed == (file,)


def test_what_was_changed_is_not_called_outdated_while_its_original_stays(course: Path, tmp_path: Path) -> None:
    lay_course(tmp_path / "mine")
    write(tmp_path / "mine", {"notebooks/01-reading.ipynb": "my answer"})
    laid = lay_course(tmp_path / "mine")
    assert laid.kept == ("notebooks/01-reading.ipynb",)
    assert laid.outdated == ()


def test_a_file_that_was_removed_comes_back(course: Path, tmp_path: Path) -> None:
    lay_course(tmp_path / "mine")
    (tmp_path / "mine" / "notebooks/01-reading.ipynb").unlink()
    assert lay_course(tmp_path / "mine").added == ("notebooks/01-reading.ipynb",)


def test_an_interrupted_run_is_completed(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, file = tmp_path / "mine", "notebooks/01-reading.ipynb"
    lay_course(mine)
    write(course, {file: "two"})
    with monkeypatch.context() as patched:
        whole = laying.write_whole

        def stops(path: Path, data: bytes, mode: int) -> None:
            if path.name != LEDGER:
                raise OSError(28, "No space left on device", str(path))
            whole(path, data, mode)

        patched.setattr(laying, "write_whole", stops)
        with pytest.raises(UnusableFolder, match="No space left"):
            lay_course(mine)
    assert lay_course(mine).renewed == (file,)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"notebooks/01-reading.ipynb": 3}', "[" * 100_000])
def test_without_a_ledger_that_can_be_read_nothing_is_overwritten(course: Path, tmp_path: Path, text: str) -> None:
    write(tmp_path / "mine", {"notebooks/01-reading.ipynb": "perhaps mine", LEDGER: text})
    laid = lay_course(tmp_path / "mine")
    assert laid.kept == ("notebooks/01-reading.ipynb",)
    assert isinstance(json.loads((tmp_path / "mine" / LEDGER).read_text()), dict)


def test_a_folder_that_cannot_be_used_is_named_and_nothing_is_written(course: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(UnusableFolder, match="file cannot be used"):
        lay_course(tmp_path / "file")
    (tmp_path / "blocked" / "notebooks" / "01-reading.ipynb").mkdir(parents=True)
    with pytest.raises(UnusableFolder, match="is in the way"):
        lay_course(tmp_path / "blocked")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "notebooks").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnusableFolder, match="leads out of"):
        lay_course(tmp_path / "linked")
    with pytest.raises(UnusableFolder, match="the course itself"):
        lay_course(course)
    assert held(tmp_path / "blocked") == held(tmp_path / "elsewhere") == {}
    assert held(course) == FILES


def test_the_command_tells_what_became_of_it(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["course", "my course"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("is in my course: 4 new.")
    assert said[1] == "Open it with: jupyter lab 'my course/notebooks/00-start-here.ipynb'"
    write(tmp_path / "my course", {"notebooks/01-reading.ipynb": "my answer"})
    write(course, {"notebooks/01-reading.ipynb": "later"})
    assert main(["course", "my course"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith(": 3 as before, 1 yours.")
    assert said[1] == "kept as you changed it, although its original is newer now: notebooks/01-reading.ipynb"
    assert main(["course", str(course)]) == 2
    assert "the course itself" in capsys.readouterr().err


def test_the_course_of_a_clone_is_the_clone() -> None:
    assert course_folder() == Path(__file__).resolve().parents[2]
    names = list(example_applications())
    assert names[0] == "upload-chain"
    assert len(names) > 30


def test_without_a_course_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "course_folder", lambda: None)
    with pytest.raises(UnusableFolder, match="has no notebooks"):
        lay_course(tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
