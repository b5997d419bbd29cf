"""Where the application keeps the code that a template fetches from a bucket as an archive.

A script of the project packs it, in a way that no template says. What the handler names, and the key of the archive
(`lambdas/resize/code.zip`), tell where it came from.
"""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from pathlib import Path

from sls_lab.template.shared.folder_walk import walk_folders
from sls_lab.template.shared.node import Node

#: No part of a word by which a folder and an archive are recognised as of one name.
_BETWEEN = re.compile(r"[\W_]+")
_ARCHIVES = (".zip", ".jar", ".tar.gz")


class Sources:
    """The Python files of an application, by their names."""

    def __init__(self, root: Path) -> None:
        """Nothing is looked for before it is asked for."""
        self._root = root

    def folder(self, handler: str, names: tuple[str, ...]) -> str | None:
        """The folder that `handler` is relative to; None where there is none, or more than one that may be meant.

        Of several, it is the one that lies below more folders with a name among `names` than any other.
        """
        module = handler.strip().rpartition(".")[0].removeprefix("./").replace(".", "/").strip("/")
        file = f"{module}.py"
        found = [
            path.removesuffix(file).rstrip("/")
            for path in self._files.get(posixpath.basename(file), ())
            if path == file or path.endswith(f"/{file}")
        ]
        if len(found) == 1:
            return found[0]
        wanted = {_plain(name) for name in names} - {""}
        scores = [sum(_plain(part) in wanted for part in folder.split("/")) for folder in found]
        best = max(scores, default=0)
        return found[scores.index(best)] if best and scores.count(best) == 1 else None

    @cached_property
    def _files(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for folder in walk_folders(self._root, []):
            if not folder.is_built:
                for name in folder.names:
                    if name.endswith(".py"):
                        found.setdefault(name, []).append(posixpath.join(folder.path, name))
        return found


def is_archive(code: Node | None) -> bool:
    """Whether a function's code is said to be an archive: an object of a bucket, or a local file that a build makes.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html,
    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-functioncode.html
    """
    if code is None:
        return False
    if code.text is not None:
        return "://" in code.text or code.text.endswith(_ARCHIVES)
    return any(code.get(key) is not None for key in ("S3Bucket", "Bucket", "S3Key", "Key"))


def archive_names(code: Node | None, logical_id: str) -> tuple[str, ...]:
    """The names by which the folder of an archive may be recognised: the parts of its key, and the function's."""
    written = code.text if code is not None else None
    for key in ("S3Key", "Key"):
        node = code.get(key) if code is not None and written is None else None
        if node is not None and node.pattern is not None:
            written = str(node.pattern)
    parts = (written or "").split("/")
    return (*(part.partition(".")[0] for part in parts), logical_id)


def _plain(name: str) -> str:
    return _BETWEEN.sub("", name).lower()
