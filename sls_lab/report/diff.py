"""What the rewriting changed, as a unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from sls_lab.rewrite.model import Rewriting, RewrittenFile

_UNFINISHED = "\n\\ No newline at end of file\n"


def as_diff(rewriting: Rewriting) -> str:
    """The changes from the original to the rewritten files, in the order of their names, empty where there is none.

    `patch -p1` applies it in the application's folder.
    """
    return "".join(line for file in sorted(rewriting.files) for line in file_diff(rewriting.files[file]))


def file_diff(file: RewrittenFile) -> Iterator[str]:
    """The lines of one file's diff with their ends, none where nothing was changed."""
    before, after = _lines(file.original), _lines(file.text)
    for line in difflib.unified_diff(before, after, _quoted("a", file.file), _quoted("b", file.file)):
        yield line if line.endswith("\n") else line + _UNFINISHED


def _lines(text: str) -> list[str]:
    """The lines as `patch` sees them: a lone carriage return ends none."""
    *lines, last = text.split("\n")
    return [line + "\n" for line in lines] + ([last] if last else [])


def _quoted(side: str, file: str) -> str:
    """A name in a diff's header; one with quotes, controls or blanks is quoted as git does."""
    name = f"{side}/{file}"
    if name.isprintable() and not set(name) & {'"', "\\", " "}:
        return name
    octets = name.encode("utf-8", "surrogateescape")
    return '"' + "".join(_octet(octet) for octet in octets) + '"'


def _octet(octet: int) -> str:
    if octet in b'"\\':
        return "\\" + chr(octet)
    return chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03o}"
