"""Roles: every policy that reaches one function."""

from __future__ import annotations

from sls_lab.facts import Pattern
from sls_lab.template.model import Resource, Role
from sls_lab.template.node import Node
from sls_lab.template.parts import Log


def read_role(reference: Node, resources: tuple[Resource, ...], log: Log) -> Role:
    """The role that a resolved ARN, name or logical id means; one that the template does not hold is not complete."""
    raise NotImplementedError


def read_managed(policies: Node, resources: tuple[Resource, ...], log: Log) -> Role:
    """What a resolved list of managed policies (ARNs, or names of AWS' own) allows."""
    raise NotImplementedError


def merge_roles(*roles: Role) -> Role:
    """One role with the statements of all, complete where all are."""
    raise NotImplementedError


def with_resource_policies(role: Role, name: Pattern | None, resources: tuple[Resource, ...], log: Log) -> Role:
    """Add what queue, topic and bucket policies say of the role called `name` (None where it is not known)."""
    raise NotImplementedError
