"""Where the notebooks and examples of this installation are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

FOLDERS: Final = ("notebooks", "code-examples")
FIRST_NOTEBOOK: Final = "notebooks/00-start-here.ipynb"
# What working with the course leaves beside its files.
_MADE: Final = frozenset({"__pycache__", ".ipynb_checkpoints"})
_FIRST_EXAMPLE: Final = "upload-chain"


def course_folder() -> Path | None:
    """The folder that holds `notebooks` and `code-examples`: of the wheel, else of the clone.

    None where the kit was installed in some other way, without them.
    """
    here = Path(__file__).resolve().parent
    return next((folder for folder in (here, here.parents[1]) if _holds_course(folder)), None)


def _holds_course(folder: Path) -> bool:
    return (folder / FIRST_NOTEBOOK).is_file() and (folder / "code-examples" / "apps").is_dir()


def example_applications() -> dict[str, Path]:
    """The example applications by name, beginning with the course's first; empty if there are none."""
    course = course_folder()
    if course is None:
        return {}
    found = {file.parent.name: file.parent for file in sorted(course.glob("code-examples/apps/*/expected.yml"))}
    return {name: found[name] for name in sorted(found, key=lambda name: name != _FIRST_EXAMPLE)}


def own_applications() -> list[Path]:
    """All applications of the course, those that show what the kit gets wrong among them."""
    course = course_folder()
    return sorted(course.glob("code-examples/*/*/")) if course is not None else []


def course_files(course: Path) -> Iterator[str]:
    """The files of the course, as POSIX paths relative to its folder, in order."""
    for folder in FOLDERS:
        for file in sorted((course / folder).rglob("*")):
            name = file.relative_to(course)
            if file.is_file() and not _MADE & {*name.parts}:
                yield name.as_posix()
