"""State machines written in the Amazon States Language."""

from __future__ import annotations

from collections.abc import Mapping

from sls_lab.facts import Pattern, Span
from sls_lab.template.model import StateMachine, Trigger
from sls_lab.template.node import Node
from sls_lab.template.parts import Log


def read_definition(
    definition: Node,
    functions: Mapping[Pattern, str],
    log: Log,
    *,
    logical_id: str,
    name: Pattern,
    span: Span,
    triggers: tuple[Trigger, ...] = (),
) -> StateMachine | None:
    """The machine of a resolved definition: a mapping, or a string of JSON that may hold unknown parts.

    `functions` gives a function's name by its deployed name. None, with a diagnostic, where it is no definition.
    """
    raise NotImplementedError
