"""How right the analysis is on applications with known answers, and what each kind of knowledge contributes."""

from sls_lab.bench.cases import Case, NoCases, find_cases
from sls_lab.bench.measuring import ABLATIONS, Ablation, Measured, measure

__all__ = ["ABLATIONS", "Ablation", "Case", "Measured", "NoCases", "find_cases", "measure"]
