"""Room 4: asynchronous events become synchronous calls, so that an analyser for ordinary programs sees them."""

from sls_lab.rewrite.model import AnalyserForm, Edit, EditKind, Origin, Rewriting, RewrittenFile
from sls_lab.rewrite.position_map import AnalysedText, PositionMap
from sls_lab.rewrite.rewriting import rewrite, untouched

__all__ = [
    "AnalysedText",
    "AnalyserForm",
    "Edit",
    "EditKind",
    "Origin",
    "PositionMap",
    "Rewriting",
    "RewrittenFile",
    "rewrite",
    "untouched",
]
