"""What the rewriting changed, as a unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Literal

from sls_lab.rewrite import AnalysedText, Rewriting

_UNFINISHED = "\n\\ No newline at end of file\n"


def as_diff(
    rewriting: Rewriting, since: Literal["original", "rewritten"] = "original", *, analysed: bool = False
) -> str:
    """The changes to the files, in the order of their names; empty if there are none.

    They lead to the rewritten files, or with `analysed` to what the analyser reads. `patch -p1` applies what leads from
    the original files in the application's folder.
    """
    changes: list[str] = []
    for name in sorted(rewriting.files):
        file = rewriting.files[name]
        before = file.original if since == "original" else file.text
        changes += text_diff(name, before, AnalysedText(file).text if analysed else file.text)
    return "".join(changes)


def text_diff(name: str, before: str, after: str) -> Iterator[str]:
    """The lines of one file's diff with their ends, none where nothing was changed."""
    for line in difflib.unified_diff(_lines(before), _lines(after), _quoted("a", name), _quoted("b", name)):
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
