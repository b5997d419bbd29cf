"""Findings that are not flows but worth a change: one check a file."""

from sls_lab.advice.advice import advise
from sls_lab.advice.model import Advice

__all__ = ["Advice", "advise"]
