"""What makes a finding the same one after lines have moved."""

from __future__ import annotations

from collections.abc import Mapping

from sls_lab.facts.lines import split_lines
from sls_lab.facts.span import Span

Identity = tuple[str, str, str]  #: a code, a file, and the source at the place without its layout


def identity(code: str, span: Span | None, texts: Mapping[str, str]) -> Identity:
    """What recognises a finding, whatever its line and its words; `texts` are the sources by file.

    Two findings of one code in equal source of one file are equal: compare how many there are.
    """
    if span is None:
        return code, "", ""
    text = texts.get(span.file, "")
    source = span.text_in(text)
    if not source.strip():  # a place between characters, such as that of a syntax error: its line
        source = "".join(split_lines(text)[span.line - 1 : span.line])
    return code, span.file, " ".join(source.split())
