"""The resources of a template, with their physical names."""

from __future__ import annotations

from collections.abc import Mapping

from sls_lab.template.model import Resource
from sls_lab.template.node import Node
from sls_lab.template.scope import Scope


def read_resources(resources: Mapping[str, Node], scope: Scope) -> tuple[Resource, ...]:
    """Each resource of a `Resources` section (as written), resolved; those whose condition is false are left out."""
    raise NotImplementedError
