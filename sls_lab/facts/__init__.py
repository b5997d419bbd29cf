"""What every room shares: where a fact stands, why it holds, and how sure it is."""

from sls_lab.facts.diagnostic import Diagnostic, Level
from sls_lab.facts.errors import MissingPackages, SlsLabError, UnreadableApplication
from sls_lab.facts.lines import Offsets, split_lines
from sls_lab.facts.pattern import Hole, HoleKind, Pattern
from sls_lab.facts.reason import Reason
from sls_lab.facts.span import Span
from sls_lab.facts.verdict import Verdict

__all__ = [
    "Diagnostic",
    "Hole",
    "HoleKind",
    "Level",
    "MissingPackages",
    "Offsets",
    "Pattern",
    "Reason",
    "SlsLabError",
    "Span",
    "UnreadableApplication",
    "Verdict",
    "split_lines",
]
