"""Whether a role lets a call pass."""

from __future__ import annotations

from sls_lab.facts import Pattern
from sls_lab.template.model import Decision, Role


def decide(role: Role, action: str, resource: Pattern) -> Decision:
    """Whether `role` may do `action` (`s3:PutObject`) on the ARN `resource`, with the statements that decide it."""
    raise NotImplementedError
