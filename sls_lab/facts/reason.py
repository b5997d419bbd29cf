"""Why a derived fact holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sls_lab.facts.span import Span

#: What a reason is about, for code that decides by it. `environment`: a value that came from an environment variable.
#: `doubt`: why an answer is not certain. `value`: what an expression of a template turned into. `secret`: why a value
#: must not be known. `identity`: why a call acts as another role than its function's. `statement`: the rest.
ReasonKind = Literal["statement", "value", "environment", "doubt", "secret", "identity"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One link of a `because` chain: a sentence and, where there is one, the place that it is about.

    The sentence is for readers alone: code that decides by a reason asks for its `kind`.
    """

    text: str
    span: Span | None = None
    kind: ReasonKind = "statement"
