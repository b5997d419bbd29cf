"""SAS-3, insecure deployment: resources that anyone may use, by what the template itself says."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked
from sls_lab.template.iam.open_policies import is_anyone, is_blocked, open_statements
from sls_lab.template.iam.roles import GUARDED
from sls_lab.template.model import Resource

#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
_OPEN_ACLS = frozenset({"PublicRead", "PublicReadWrite", "AuthenticatedRead"})
#: What narrows `Principal: "*"` down: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
_NARROWING = ("SourceAccount", "SourceArn", "PrincipalOrgID", "FunctionUrlAuthType", "EventSourceToken")


def public_resources(app: Linked) -> Iterator[Advice]:
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
    if acl is not None and acl.text in _OPEN_ACLS and not is_blocked(bucket, "IgnorePublicAcls", "BlockPublicAcls"):
        message = f"the access list {acl.text} opens the bucket `{bucket.logical_id}` to everybody; remove it"
        yield Advice("public-resource", message, acl.span)


def _by_policy(policy: Resource, buckets: list[Resource]) -> Iterator[Advice]:
    for opened in open_statements(policy, buckets):
        actions = [str(action) for action in opened.actions]
        website = opened.bucket is not None and opened.bucket.properties.get("WebsiteConfiguration") is not None
        if website and actions == ["s3:GetObject"]:
            continue  # a website is there to be read
        message = f"anyone may call {', '.join(actions)}: its principal is `*`; name those who may, or add a condition"
        yield Advice("public-resource", message, opened.statement.span)


def _by_permission(permission: Resource) -> Iterator[Advice]:
    principal = permission.properties.get("Principal")
    if is_anyone(principal) and not any(permission.properties.get(name) for name in _NARROWING):
        message = f"`{permission.logical_id}` lets anyone with an AWS account invoke the function; name those who may"
        yield Advice("public-resource", message, permission.span)


CHECK = Check(
    "public-resources",
    "Resources that are open to everybody",
    3,
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ("public-resource",),
    public_resources,
)
