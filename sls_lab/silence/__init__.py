"""Findings that have been judged and accepted: by a comment at their line, or by a baseline.

Nothing is lost by it: what is silenced is counted and listed, and a comment that silences nothing is a diagnostic.
"""

from sls_lab.silence.baseline import (
    AcceptedFinding,
    Baseline,
    UnusableBaseline,
    baseline_json,
    entries_of,
    read_baseline,
)
from sls_lab.silence.comments import Comment, comments_in
from sls_lab.silence.silencing import Silenced, SilencedAdvice, Silencing, silenced_findings

__all__ = [
    "AcceptedFinding",
    "Baseline",
    "Comment",
    "Silenced",
    "SilencedAdvice",
    "Silencing",
    "UnusableBaseline",
    "baseline_json",
    "comments_in",
    "entries_of",
    "read_baseline",
    "silenced_findings",
]
