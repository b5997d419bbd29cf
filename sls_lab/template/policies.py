"""IAM policies: statements from policy documents."""

from __future__ import annotations

from sls_lab.facts import Reason
from sls_lab.template.model import Statement
from sls_lab.template.node import Node
from sls_lab.template.parts import Log


def read_statements(node: Node, log: Log, because: tuple[Reason, ...] = ()) -> tuple[Statement, ...]:
    """The statements of a resolved policy document, of its `Statement`, or of a list of either."""
    raise NotImplementedError
