"""What an analysis found, in the forms that people and programs read: nothing is computed here, all is shown."""

from sls_lab.report.results import Linked, Results

__all__ = ["Linked", "Results"]
