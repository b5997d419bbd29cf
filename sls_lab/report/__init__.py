"""What an analysis found, in forms for people and programs: nothing is computed here, everything is shown."""

from sls_lab.report.results import Linked, Results

__all__ = ["Linked", "Results"]
