"""SAS-3, insecure deployment: resources that anyone may use, by what the template itself says."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.advice.model import Advice, Advised, Check
from sls_lab.facts import Pattern
from sls_lab.template.iam.roles import GUARDED
from sls_lab.template.model import Resource
from sls_lab.template.shared.node import Node

#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
_OPEN_ACLS = frozenset({"PublicRead", "PublicReadWrite", "AuthenticatedRead"})
#: What narrows `Principal: "*"` down: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
_NARROWING = ("SourceAccount", "SourceArn", "PrincipalOrgID", "FunctionUrlAuthType", "EventSourceToken")


def public_resources(app: Advised) -> Iterator[Advice]:
    """Buckets, queues, topics and functions that a policy or an access list opens to everybody."""
    template = app.template
    buckets = [resource for resource in template.resources if resource.type == "AWS::S3::Bucket"]
    for resource in template.resources:
        if resource.type == "AWS::S3::Bucket":
            yield from _by_acl(resource)
        elif resource.type in GUARDED:
            yield from _by_policy(resource, buckets)
        elif resource.type == "AWS::Lambda::Permission":
            yield from _by_permission(resource)


def _by_acl(bucket: Resource) -> Iterator[Advice]:
    acl = bucket.properties.get("AccessControl")
    if acl is not None and acl.text in _OPEN_ACLS and not _is_closed(bucket, "IgnorePublicAcls", "BlockPublicAcls"):
        message = f"the access list {acl.text} opens the bucket `{bucket.logical_id}` to everybody; remove it"
        yield Advice("public-resource", message, acl.span)


def _by_policy(policy: Resource, buckets: list[Resource]) -> Iterator[Advice]:
    statements = policy.properties.get("PolicyDocument", "Statement")
    protected = policy.properties.get(GUARDED[policy.type][0])
    names = [node.pattern for node in protected.listed()] if protected is not None else []
    bucket = next((one for one in buckets if one.name in names), None)
    if bucket is not None and _is_closed(bucket, "RestrictPublicBuckets", "BlockPublicPolicy"):
        return
    for statement in statements.listed() if statements is not None else ():
        effect, action = statement.get("Effect"), statement.get("Action")
        opened = effect is not None and effect.text == "Allow" and _is_anyone(statement.get("Principal"))
        if not opened or statement.get("Condition") is not None or action is None:
            continue
        actions = [str(node.pattern) for node in action.listed() if node.pattern is not None]
        if bucket is not None and bucket.properties.get("WebsiteConfiguration") and actions == ["s3:GetObject"]:
            continue  # a website is there to be read
        message = f"anyone may call {', '.join(actions)}: its principal is `*`; name those who may, or add a condition"
        yield Advice("public-resource", message, statement.span)


def _by_permission(permission: Resource) -> Iterator[Advice]:
    principal = permission.properties.get("Principal")
    if _is_anyone(principal) and not any(permission.properties.get(name) for name in _NARROWING):
        message = f"`{permission.logical_id}` lets anyone with an AWS account invoke the function; name those who may"
        yield Advice("public-resource", message, permission.span)


def _is_anyone(principal: Node | None) -> bool:
    if principal is None:
        return False
    named = [principal, *(node for value in principal.mapping.values() for node in value.listed())]
    return any(node.value == Pattern.of("*") for node in named)


def _is_closed(bucket: Resource, *settings: str) -> bool:
    """Whether one of these settings of the bucket's public access block is on."""
    block = bucket.properties.get("PublicAccessBlockConfiguration")
    found = [block.get(name) for name in settings] if block is not None else []
    return any(node is not None and str(node.pattern).lower() == "true" for node in found)


CHECK = Check(
    "public-resources",
    "Resources that are open to everybody",
    3,
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ("public-resource",),
    public_resources,
)
