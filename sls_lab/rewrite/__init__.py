"""Room 4: asynchronous events become synchronous calls, so that an analyser for ordinary programs sees them."""

from sls_lab.rewrite.model import Edit, EditKind, Origin, Rewriting, RewrittenFile
from sls_lab.rewrite.positions import PositionMap
from sls_lab.rewrite.rewriting import rewrite, untouched

__all__ = ["Edit", "EditKind", "Origin", "PositionMap", "Rewriting", "RewrittenFile", "rewrite", "untouched"]
