"""Advice on the twelve serverless risks that need no flow to be worth a change.

The numbers (SAS-1 …) are those of *The 12 Most Critical Risks for Serverless Applications*, Cloud Security Alliance,
2019. Permissions and circles of events are `sls_lab.advice.advice`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sls_lab.advice.bypass import side_entrances
from sls_lab.advice.disclosure import disclosures
from sls_lab.advice.model import Advice
from sls_lab.advice.obsolete import obsolete_functions
from sls_lab.advice.open_resources import public_resources
from sls_lab.advice.requirements import loose_requirements
from sls_lab.advice.shared_state import kept_data
from sls_lab.advice.written_secrets import written_secrets
from sls_lab.code import Code
from sls_lab.events.model import Edge
from sls_lab.template.model import Template


def risks(template: Template, code: Code, edges: Sequence[Edge]) -> Iterator[Advice]:
    """SAS-3, 6, 7, 9, 10, 11 and 12, in the order of their numbers."""
    yield from public_resources(template)
    yield from loose_requirements(template)
    yield from written_secrets(template, code)
    yield from side_entrances(template, edges)
    yield from disclosures(template, code)
    yield from obsolete_functions(template, edges)
    yield from kept_data(code)
