"""The folders of an application and the files in them, without following links and without end."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sls_lab.facts import Diagnostic, Span
from sls_lab.template.shared.application_files import inside

#: What package installers, version control and caches write. No template of the application is in there; those of
#: the packages are not its own.
NOT_OF_THE_APPLICATION: Final = frozenset(
    {"node_modules", "bower_components", "site-packages", "__pycache__", ".git", ".hg", ".svn"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox"}
)
#: Folders into which tools write what they make of a template.
#: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-build.html,
#: https://www.serverless.com/framework/docs/providers/aws/cli-reference/package,
#: https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
OUTPUT_FOLDERS: Final = frozenset({".aws-sam", ".serverless", "cdk.out"})
#: Folders that often hold copies; also each whose name begins with a dot.
BUILD_FOLDERS: Final = OUTPUT_FOLDERS | {"build", "dist", "target", "env", "venv"}
MAX_FOLDERS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder, its `path` relative to the application's, and the names in it that are not folders."""

    path: str
    names: frozenset[str]

    @property
    def is_built(self) -> bool:
        """Whether it lies in a folder into which programs write."""
        return any(part in BUILD_FOLDERS or part.startswith(".") for part in self.path.split("/"))

    @property
    def is_output(self) -> bool:
        """Whether it lies in a folder into which a deployment tool writes."""
        return any(part in OUTPUT_FOLDERS for part in self.path.split("/"))


def walk_folders(root: Path, diagnostics: list[Diagnostic]) -> Iterator[Folder]:
    """Each folder of `root`, those nearer to it first. What is not looked into is added to `diagnostics`.

    A link to a folder within the application is not followed: the folder is met under its own name.
    """
    waiting = deque([""])
    for _ in range(MAX_FOLDERS):
        if not waiting:
            return
        path = waiting.popleft()
        below: list[str] = []
        names: set[str] = set()
        try:
            with os.scandir(root / path) as entries:
                for entry in entries:
                    if not _is_folder(entry):
                        names.add(entry.name)
                    elif entry.name not in NOT_OF_THE_APPLICATION:
                        _enter(root, join(path, entry.name), entry, below, diagnostics)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else "its name is not readable"
            message = f"The folder {path or '.'} cannot be read ({why}), so its templates are not seen: check its mode."
            diagnostics.append(Diagnostic("folder-unreadable", message, top(path or ".")))
        waiting.extend(sorted(below))
        yield Folder(path, frozenset(names))
    if waiting:
        message = (
            f"The search for templates ended after {MAX_FOLDERS:,} folders, so those in {waiting[0]} and "
            f"{len(waiting) - 1} more folders are not seen: analyse a smaller folder."
        )
        diagnostics.append(Diagnostic("search-stopped", message, top(waiting[0])))


def _enter(root: Path, path: str, entry: os.DirEntry[str], below: list[str], diagnostics: list[Diagnostic]) -> None:
    if not entry.is_symlink():
        below.append(path)
    elif isinstance(inside(root, path), Diagnostic):
        message = (
            f"The folder {path} is a link that leads out of the application's folder, so its templates are not seen: "
            "move it in."
        )
        diagnostics.append(Diagnostic("path-outside", message, top(path)))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def join(folder: str, name: str) -> str:
    """The path of `name` in `folder`, which is "" for the application's own."""
    return f"{folder}/{name}" if folder else name


def top(file: str) -> Span:
    """The beginning of `file`."""
    return Span(file, 1, 0, 1, 0)
