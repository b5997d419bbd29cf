"""Findings that are not flows but worth fixing: one check a file."""

from sls_lab.advice.advice import CHECKS, advise
from sls_lab.advice.model import Advice, Check
from sls_lab.advice.risks import RISKS

__all__ = ["CHECKS", "RISKS", "Advice", "Check", "advise"]
