"""Every code of a diagnostic or of advice: its level, what it means, and what to do.

`docs/diagnostics.md` is made from this by `sls-lab explain --all`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sls_lab.facts.codes.advice import ADVICE, SILENCING
from sls_lab.facts.codes.code import CODE, FLOWS
from sls_lab.facts.codes.files import FILES
from sls_lab.facts.codes.model import Level, RegisteredCode
from sls_lab.facts.codes.replay import REPLAY
from sls_lab.facts.codes.template import FUNCTIONS, PERMISSIONS, TRIGGERS
from sls_lab.facts.codes.values import VALUES

__all__ = ["CODES", "PARTS", "Level", "RegisteredCode", "level_of"]

#: The codes in the order of the page, under their headings.
PARTS: Final[Mapping[str, tuple[RegisteredCode, ...]]] = MappingProxyType(
    {
        "Files": FILES,
        "Values in templates": VALUES,
        "Functions": FUNCTIONS,
        "Triggers and state machines": TRIGGERS,
        "Permissions": PERMISSIONS,
        "Code": CODE,
        "Flows": FLOWS,
        "Advice": ADVICE,
        "Replay": REPLAY,
        "Silenced findings": SILENCING,
    }
)
CODES: Final[Mapping[str, RegisteredCode]] = MappingProxyType(
    {code.name: code for part in PARTS.values() for code in part}
)


def level_of(name: str) -> Level:
    """The level of a diagnostic's code. Raises KeyError for what is not registered, and for a code of advice."""
    level = CODES[name].level
    if level == "advice":
        raise KeyError(name)
    return level
