"""Policies of resources that let anyone do something, by what the template itself says.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sls_lab.facts import Pattern
from sls_lab.template.iam.roles import GUARDED
from sls_lab.template.model import Resource
from sls_lab.template.shared.node import Node


@dataclass(frozen=True, slots=True)
class OpenStatement:
    """A statement that lets anyone do `actions`; `bucket` is what it is about where the template declares that."""

    statement: Node
    actions: tuple[Pattern, ...]
    bucket: Resource | None


def open_statements(policy: Resource, resources: Iterable[Resource]) -> Iterator[OpenStatement]:
    """The statements of a resource's own policy that allow something to everybody, without a condition.

    A bucket's public access block takes what its policy gives
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
    """
    if policy.type not in GUARDED:
        return
    statements = policy.properties.get("PolicyDocument", "Statement")
    protected = policy.properties.get(GUARDED[policy.type][0])
    names = [node.pattern for node in protected.listed()] if protected is not None else []
    buckets = (one for one in resources if one.type == "AWS::S3::Bucket" and one.name in names)
    bucket = next(buckets, None)
    if bucket is not None and is_blocked(bucket, "RestrictPublicBuckets", "BlockPublicPolicy"):
        return
    for statement in statements.listed() if statements is not None else ():
        effect, action = statement.get("Effect"), statement.get("Action")
        opened = effect is not None and effect.text == "Allow" and is_anyone(statement.get("Principal"))
        if opened and statement.get("Condition") is None and action is not None:
            actions = tuple(node.pattern for node in action.listed() if node.pattern is not None)
            yield OpenStatement(statement, actions, bucket)


def is_anyone(principal: Node | None) -> bool:
    """Whether a principal is everybody: `*`, or `*` among those of any kind."""
    if principal is None:
        return False
    named = [principal, *(node for value in principal.mapping.values() for node in value.listed())]
    return any(node.value == Pattern.of("*") for node in named)


def is_blocked(bucket: Resource, *settings: str) -> bool:
    """Whether one of these settings of the bucket's public access block is on."""
    block = bucket.properties.get("PublicAccessBlockConfiguration")
    found = [block.get(name) for name in settings] if block is not None else []
    return any(node is not None and str(node.pattern).lower() == "true" for node in found)
