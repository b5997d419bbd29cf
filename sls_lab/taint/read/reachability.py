"""Which handlers can run a piece of code."""

from __future__ import annotations

from sls_lab.code import Code
from sls_lab.facts import Span


def handlers_reaching(code: Code, span: Span) -> tuple[str, ...]:
    """The handlers that reach the boto3 call at `span`, else those that reach its file."""
    calling = [call.handler for call in code.calls if call.span.contains(span)]
    if calling:
        return tuple(dict.fromkeys(calling))
    return tuple(name for name, files in code.reached.items() if span.file in files)
