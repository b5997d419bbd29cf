"""What every room shares: where a fact is written, why it holds, and how certain it is."""

from sls_lab.facts.codes import CODES, Level, RegisteredCode
from sls_lab.facts.diagnostic import Diagnostic
from sls_lab.facts.errors import DEFECTS, MissingPackages, SlsLabError, UnreadableApplication
from sls_lab.facts.identity import Identity, identity
from sls_lab.facts.lines import Offsets, split_lines
from sls_lab.facts.pattern import Hole, HoleKind, Pattern
from sls_lab.facts.reason import Reason, ReasonKind
from sls_lab.facts.silence import Silence
from sls_lab.facts.span import Span
from sls_lab.facts.surroundings import NO_LIMITS, NO_PROCESSES, in_browser, on_windows, own_user
from sls_lab.facts.verdict import Verdict

__all__ = [
    "CODES",
    "DEFECTS",
    "NO_LIMITS",
    "NO_PROCESSES",
    "Diagnostic",
    "Hole",
    "HoleKind",
    "Identity",
    "Level",
    "MissingPackages",
    "Offsets",
    "Pattern",
    "Reason",
    "ReasonKind",
    "RegisteredCode",
    "Silence",
    "SlsLabError",
    "Span",
    "UnreadableApplication",
    "Verdict",
    "identity",
    "in_browser",
    "on_windows",
    "own_user",
    "split_lines",
]
