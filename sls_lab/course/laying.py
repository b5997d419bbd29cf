"""Copy the course into a learner's folder, again and again, without ever touching what the learner has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sls_lab.course.contents import course_files, course_folder
from sls_lab.facts import SlsLabError
from sls_lab.facts.whole_files import write_whole

LEDGER: Final = ".sls-lab-course.json"  #: in the learner's folder: the digests of every version that was copied there


class UnusableFolder(SlsLabError):
    """The course cannot be copied into this folder."""


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of each file of the course, by names relative to the learner's folder.

    `added` were not there; `renewed` were there as an earlier version had them; `unchanged` are those of this version.
    `kept` were changed by the learner, and `outdated` are those of them that this version has a newer original of.
    `dropped` are files of an earlier version that this one no longer has; they are left where they are.
    """

    added: tuple[str, ...]
    renewed: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]
    outdated: tuple[str, ...]
    dropped: tuple[str, ...]


def lay_course(target: Path) -> Laid:
    """Copy the notebooks and examples of this installation into the folder `target`, which is made where need be.

    A file that the learner changed is left as it is. Raises UnusableFolder.
    """
    course = course_folder()
    if course is None:
        raise UnusableFolder("this installation has no notebooks and examples: install sls-lab from its wheel")
    if target.resolve() == course:
        raise UnusableFolder(f"{target} is the course itself: choose another folder")
    try:
        target.mkdir(parents=True, exist_ok=True)
        return _lay(course, target)
    except OSError as error:
        raise UnusableFolder(f"{error.filename or target} cannot be used: {error.strerror or error}") from error


def _lay(course: Path, target: Path) -> Laid:
    originals = {name: (course / name).read_bytes() for name in course_files(course)}
    ledger = _read_ledger(target)
    found: dict[str, list[str]] = {name: [] for name in Laid.__dataclass_fields__}
    for name, data in originals.items():
        became, outdated = _state(_inside(target, name), data, ledger.get(name, ()))
        found[became].append(name)
        if outdated:
            found["outdated"].append(name)
    found["dropped"] = [name for name in sorted(ledger.keys() - originals.keys()) if (target / name).is_file()]
    # First the ledger: where copying is interrupted, what was copied is known as the kit's own.
    known = {name: (*ledger.get(name, ()), _digest(data)) for name, data in originals.items()}
    text = json.dumps({name: list(dict.fromkeys(digests)) for name, digests in {**ledger, **known}.items()}, indent=0)
    write_whole(target / LEDGER, f"{text}\n".encode(), 0o644)
    for name in (*found["added"], *found["renewed"]):
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, originals[name], 0o644)
    return Laid(**{name: tuple(names) for name, names in found.items()})


def _state(file: Path, original: bytes, known: tuple[str, ...]) -> tuple[str, bool]:
    """What becomes of a file, and whether the learner's version is of an original older than this one."""
    if not file.exists():
        return "added", False
    if not file.is_file():
        raise UnusableFolder(f"{file} is in the way: a file of the course has this name")
    data = file.read_bytes()
    if data == original:
        return "unchanged", False
    if _digest(data) in known:
        return "renewed", False
    return "kept", _digest(original) not in known


def _inside(target: Path, name: str) -> Path:
    file = target / name
    if not file.resolve().is_relative_to(target.resolve()):
        raise UnusableFolder(f"{file} leads out of {target}: remove the link")
    return file


def _read_ledger(target: Path) -> Mapping[str, tuple[str, ...]]:
    """The digests by file; empty where no ledger can be read: then every file that differs is the learner's."""
    try:
        data = json.loads((target / LEDGER).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {name: tuple(map(str, digests)) for name, digests in data.items() if isinstance(digests, list)}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
