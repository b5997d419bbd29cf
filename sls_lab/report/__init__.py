"""What an analysis found, in forms for people and programs: nothing is computed here, everything is shown."""

from sls_lab.linked import Linked
from sls_lab.report.results import Results

__all__ = ["Linked", "Results"]
