"""All that a learner has made goes into one file, and comes out of it elsewhere with nothing lost."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab.course import lay_course
from sls_lab.exercises import Done, UnusableProgress, belongings, note_down, note_time, read_progress
from sls_lab.exercises.belongings import UnusableBelongings, pack, unpack

FIRST = "notebooks/00-start-here.ipynb"
HANDLER = "code-examples/apps/upload-chain/handlers/convert.py"


@pytest.fixture
def places(tmp_path: Path) -> Callable[[str], tuple[Path, Path]]:
    """A learner's progress and folder with the course, on any number of computers."""

    def place(name: str) -> tuple[Path, Path]:
        folder = tmp_path / name
        lay_course(folder)
        return folder / "progress.json", folder

    return place


Places = Callable[[str], tuple[Path, Path]]


def archive(**contents: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, text in contents.items():
            made.writestr(name.replace("__", "/"), text)
    return written.getvalue()


def test_progress_and_changed_files_arrive_and_nothing_else_is_taken(places: Places) -> None:
    progress, folder = places("one")
    note_down(progress, "01/how-many-public", attempts=2, passed=True)
    note_down(progress, "00/its-a-long-way", said="three")
    note_time(progress, "01", 100.0)
    (folder / HANDLER).write_text("def handler(event, context): ...\n", encoding="utf-8")
    (folder / "notebooks" / "mine.py").write_text("x = 1\n", encoding="utf-8")
    taken = pack(progress, folder)
    with zipfile.ZipFile(io.BytesIO(taken)) as made:
        assert sorted(made.namelist()) == [f"files/{HANDLER}", "files/notebooks/mine.py", "progress.json"]
    there, other = places("two")
    brought = unpack(taken, there, other)
    assert (other / HANDLER).read_text(encoding="utf-8") == "def handler(event, context): ...\n"
    assert (other / "notebooks" / "mine.py").is_file()
    assert read_progress(there) == read_progress(progress)
    assert brought.passed == 1
    assert brought.aside == ()
    assert "1 exercise is passed now, 2 files written." in brought.sentence
    again = unpack(taken, there, other)
    assert (again.written, again.aside) == ((), ()), "the same once more changes nothing"


def test_what_is_here_is_kept_beside_and_the_farther_of_both_stays(places: Places) -> None:
    progress, folder = places("one")
    note_down(progress, "01/how-many-public", attempts=5)
    (folder / FIRST).write_text("from there", encoding="utf-8")
    taken = pack(progress, folder)
    there, other = places("two")
    note_down(there, "01/how-many-public", attempts=1, passed=True, said="mine")
    note_down(there, "02/function-names", hints=1)
    for _ in range(2):
        (other / FIRST).write_text("from here", encoding="utf-8")
        brought = unpack(taken, there, other)
    assert (other / FIRST).read_text(encoding="utf-8") == "from there"
    assert brought.aside == ("notebooks/00-start-here.before-2.ipynb",)
    assert (other / "notebooks/00-start-here.before-1.ipynb").read_text(encoding="utf-8") == "from here"
    done = read_progress(there).done
    assert done["01/how-many-public"] == Done(attempts=5, passed=True, said="mine")
    assert done["02/function-names"] == Done(hints=1)


def test_in_a_clone_all_notebooks_may_be_changed(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    progress, clone = places("clone")
    monkeypatch.setattr(belongings, "course_folder", lambda: clone.resolve())
    with zipfile.ZipFile(io.BytesIO(pack(progress, clone))) as made:
        assert {name.split("/")[1] for name in made.namelist()} == {"notebooks"}
    brought = unpack(archive(**{f"files/{FIRST}": "from there"}), progress, clone)
    assert brought.aside == ("notebooks/00-start-here.before-1.ipynb",)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a zip file"),
        (b"PK\x03\x04 and no more", "not a zip file"),
        (archive(), "it is empty"),
        (archive(passwords=""), "it holds 'passwords'"),
        (archive(files__=""), "it is empty"),
        (archive(**{"files/../../above": ""}), "it holds 'files/../../above'"),
        (archive(**{"files//etc/passwd": ""}), "it holds 'files//etc/passwd'"),
        (archive(**{"files/C:/x": ""}), "it holds 'files/C:/x'"),
        (archive(**{"files/a\\b": ""}), "it holds"),
    ],
)
def test_other_files_are_refused_with_a_sentence_and_nothing_is_written(data: bytes, why: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableBelongings) as caught:
        unpack(data, tmp_path / "progress.json", tmp_path / "mine")
    assert why in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_progress_that_cannot_be_read_stops_it_before_any_file_is_written(tmp_path: Path) -> None:
    for text in ("", "[", "[]", json.dumps({"schema": "other"}), "[" * 100_000):
        with pytest.raises(UnusableProgress, match="cannot be read"):
            unpack(
                archive(**{"progress.json": text, "files/notebooks/a.py": ""}), tmp_path / "p.json", tmp_path / "mine"
            )
    assert list(tmp_path.iterdir()) == []


def test_more_than_a_learner_writes_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belongings, "MAX_BYTES", 10)
    bomb = archive(**{"files/notebooks/a.py": "x" * 11})
    with pytest.raises(UnusableBelongings, match="more than one file takes along"):
        unpack(bomb, tmp_path / "p.json", tmp_path / "mine")
    monkeypatch.setattr(belongings, "MAX_FILES", 1)
    with pytest.raises(UnusableBelongings, match="2 files"):
        unpack(archive(**{"files/a": "", "files/b": ""}), tmp_path / "p.json", tmp_path / "mine")


def test_a_link_leads_nowhere(places: Places, tmp_path: Path) -> None:
    progress, folder = places("one")
    (tmp_path / "outside").mkdir()
    (folder / "notebooks" / "linked").symlink_to(tmp_path / "outside")
    with pytest.raises(UnusableBelongings, match="remove the link"):
        unpack(archive(**{"files/notebooks/linked/a.py": ""}), progress, folder)
    assert list((tmp_path / "outside").iterdir()) == []
    assert pack(progress, folder)
