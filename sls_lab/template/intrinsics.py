"""CloudFormation's intrinsic functions, resolved into string patterns."""

from __future__ import annotations

from sls_lab.template.node import Node
from sls_lab.template.scope import Implicit, Scope

__all__ = ["Implicit", "Scope", "resolve_intrinsics"]


def resolve_intrinsics(node: Node, scope: Scope) -> Node:
    """Replace each intrinsic function in `node` by its value, with a reason for each step.

    What cannot be known becomes a fixed hole named after it. A reference to nothing is a diagnostic in `scope.log`.
    """
    raise NotImplementedError
