"""Places as JSON: in every contract of the kit the same keys, None where there is no place."""

from __future__ import annotations

from typing import Any

from sls_lab.facts.span import Span

Json = dict[str, Any]


def place(span: Span | None) -> Json:
    """The file and the line, from 1."""
    return {"file": span.file if span else None, "line": span.line if span else None}


def extent(span: Span | None) -> Json:
    """The file, lines from 1 and columns from 0 in code points; the end is exclusive."""
    return {
        **place(span),
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
    }
