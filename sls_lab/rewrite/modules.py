"""Dotted names for files that Python could not import by the names they have."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

_NOT_IN_IDENTIFIER = re.compile(r"\W", re.ASCII)


def identifier(text: str) -> str:
    """`text` as an ASCII identifier: `my-handler` gives `my_handler`, `lambda` gives `lambda_`, `2fa` gives `_2fa`."""
    name = _NOT_IN_IDENTIFIER.sub("_", text) or "_"
    if name[0].isdigit():
        name = "_" + name
    return name + "_" if keyword.iskeyword(name) else name


def dotted_names(files: Iterable[str]) -> dict[str, str]:
    """A dotted name of its own for each file, from its path; a package's `__init__.py` is the package."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for file in sorted(files):
        parts = [identifier(part) for part in file.removesuffix(".py").split("/") if part not in ("", ".", "..")]
        if len(parts) > 1 and parts[-1] == "__init__":
            parts.pop()
        name, number = ".".join(parts), 2
        while name in taken:
            name, number = f"{'.'.join(parts)}_{number}", number + 1
        taken.add(name)
        names[file] = name
    return names
