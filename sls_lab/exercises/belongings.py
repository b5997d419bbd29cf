"""All that a learner has made in one file, to be taken to another computer or browser: progress and changed files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sls_lab.course.contents import FOLDERS, course_files, course_folder
from sls_lab.exercises.progress import add_progress, read_progress
from sls_lab.facts import SlsLabError
from sls_lab.facts.surroundings import in_browser
from sls_lab.facts.whole_files import write_whole

FILE: Final = "sls-lab-work.zip"
_PROGRESS: Final = "progress.json"
_FILES: Final = "files/"
_NOT_THE_LEARNERS: Final = frozenset({"__pycache__", ".ipynb_checkpoints", "sls-lab"})
#: What one file may hold: far more than a learner writes, and little enough for a browser's memory.
MAX_FILES: Final = 2_000
MAX_BYTES: Final = 30_000_000
#: Names that every system can have, `/` between their parts.
_NAME: Final = re.compile(r"(?:[^\x00-\x1f<>:\"|?*\\/]+/)*[^\x00-\x1f<>:\"|?*\\/]+")


class UnusableBelongings(SlsLabError):
    """A file is not one in which a learner's work was taken along, or it cannot be put here."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file: the exercises that are passed now, and the files that were written.

    `aside` are those of them that were there with another content, by the names that the old ones have now.
    """

    passed: int
    written: tuple[str, ...]
    aside: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What a learner is told."""
        files = f"{len(self.written)} file{'' if len(self.written) == 1 else 's'}"
        kept = f", and what was here is kept as {', '.join(self.aside)}" if self.aside else ""
        again = " Open what is open once more (File, Reload Notebook from Disk)." if self.written else ""
        exercises = f"{self.passed} exercise{' is' if self.passed == 1 else 's are'} passed now"
        return f"Brought: {exercises}, {files} written{kept}.{again}"


def pack(progress: Path, folder: Path) -> bytes:
    """A ZIP archive of the progress in a file and of what the learner has changed in a `folder` with the course.

    Raises UnusableProgress, and UnusableBelongings where it would hold more than `MAX_FILES` or `MAX_BYTES`.
    """
    read_progress(progress)  # what cannot be read is put aside, and not taken along
    contents = {f"{_FILES}{name}": data for name, data in _changed(folder)}
    if progress.is_file():
        contents[_PROGRESS] = progress.read_bytes()
    _check_size(len(contents), sum(map(len, contents.values())))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def unpack(data: bytes, progress: Path, folder: Path) -> Brought:
    """Put what `pack` took along here: progress is added to that in its file, files are written into `folder`.

    A file that is there and is not the kit's own is kept beside, under another name. Nothing is written before all of
    the archive has been checked. Raises UnusableBelongings and UnusableProgress.
    """
    contents = _read(data)
    texts = contents.pop(_PROGRESS, None)
    for name in contents:
        if not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise UnusableBelongings(f"{name} would be written outside {folder}: remove the link")
    originals = _originals(folder)
    written: list[str] = []
    aside: list[str] = []
    try:
        done = add_progress(progress, texts) if texts is not None else read_progress(progress)
        for name, new in contents.items():
            file = folder / name
            old = file.read_bytes() if file.is_file() else None
            if old == new:  # JupyterLab would ask about an open notebook that is written, even as it is
                continue
            if old is not None and old != originals.get(name):
                aside.append(_put_aside(file, folder))
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, new, 0o644)
            written.append(name)
    except OSError as error:
        raise UnusableBelongings(f"{error.filename or folder} cannot be written: {error.strerror or error}") from error
    return Brought(sum(one.passed for one in done.done.values()), tuple(written), tuple(aside))


def _originals(folder: Path) -> Mapping[str, bytes]:
    """The files of the course as they come with the kit, by their names; none in a clone, whose own they are."""
    course = course_folder()
    if course is None or course == folder.resolve():
        return {}
    return {name: (course / name).read_bytes() for name in course_files(course)}


def _changed(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a learner's folder that are not as they come with the kit.

    In a clone, where they are the kit's own, all notebooks count as changed. A browser keeps nothing but the learner's
    files, so that there an application beside the notebooks is among them.
    """
    originals = _originals(folder)
    places = [folder / name for name in FOLDERS[: 1 if not originals else 2]]
    if in_browser():
        places = [place for place in folder.iterdir() if place.name not in {*_NOT_THE_LEARNERS, FOLDERS[1]}]
    for place in sorted(places):
        for file in [place] if place.is_file() else sorted(place.rglob("*")):
            name = file.relative_to(folder)
            if _NOT_THE_LEARNERS & {*name.parts} or file.is_symlink() or not file.is_file():
                continue
            data = file.read_bytes()
            if originals.get(name.as_posix()) != data:
                yield name.as_posix(), data


def _read(data: bytes) -> dict[str, bytes]:
    """The files of an archive by their names in the folder, and the progress by its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            _check_size(len(entries), sum(one.file_size for one in entries))
            contents = {one.filename: archive.read(one) for one in entries}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        raise UnusableBelongings(f"this file was not taken along from sls-lab: {error}") from error
    found = {}
    for name, content in contents.items():
        inside = name.removeprefix(_FILES)
        if name != _PROGRESS and (name == inside or not _NAME.fullmatch(inside) or ".." in inside.split("/")):
            raise UnusableBelongings(f"this file was not taken along from sls-lab: it holds {name!r}")
        found[inside] = content
    if not found:
        raise UnusableBelongings("this file was not taken along from sls-lab: it is empty")
    return found


def _check_size(files: int, size: int) -> None:
    if files > MAX_FILES or size > MAX_BYTES:
        what = f"{files:,} files of {size / 1e6:.0f} MB"
        raise UnusableBelongings(f"{what} are more than one file takes along ({MAX_FILES:,}, {MAX_BYTES / 1e6:.0f} MB)")


def _put_aside(file: Path, folder: Path) -> str:
    """Keep what is there under a name of its own, which is returned."""
    number = 1
    while (kept := file.with_name(f"{file.stem}.before-{number}{file.suffix}")).exists():
        number += 1
    file.replace(kept)
    return kept.relative_to(folder).as_posix()
