"""Roles: every policy that reaches one function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sls_lab.aws.arn import arn_name, parse_arn, resource_arn
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.template.iam.managed_policies import managed_statements
from sls_lab.template.iam.statements import read_statements
from sls_lab.template.model import Resource, Role, Statement
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles and policies that a template declares, ready to be looked up.

    `roles` are by physical name and logical id, `attached` the policies that name a role, by the role's name, and
    `managed` the template's own managed policies by name.
    """

    roles: Mapping[Pattern, Resource]
    attached: Mapping[Pattern, tuple[Resource, ...]]
    managed: Mapping[Pattern, Resource]
    guards: tuple[tuple[Node, Statement], ...]
    log: Log

    @staticmethod
    def of(resources: Iterable[Resource], log: Log) -> Roles:
        """Sort the resolved resources of a template; diagnostics of their policies go to `log`."""
        roles: dict[Pattern, Resource] = {}
        attached: dict[Pattern, list[Resource]] = {}
        managed: dict[Pattern, Resource] = {}
        guards: list[tuple[Node, Statement]] = []
        for resource in resources:
            if resource.type == "AWS::IAM::Role":
                roles[resource.name] = resource
                roles[Pattern.of(resource.logical_id)] = resource
            elif resource.type in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"):
                if resource.type == "AWS::IAM::ManagedPolicy":
                    managed[resource.name] = resource
                for key in ("Roles", "RoleName"):
                    named = resource.properties.get(key)
                    for role in named.listed() if named else ():
                        if role.pattern is not None:
                            attached.setdefault(_last(role.pattern), []).append(resource)
            elif resource.type in GUARDED:
                guards.extend(_guards(resource, log))
        frozen = {name: tuple(policies) for name, policies in attached.items()}
        return Roles(roles, frozen, managed, tuple(guards), log)

    def read(self, reference: Node) -> Role:
        """The role that a resolved ARN, name or logical id means; one that the template does not hold is not complete.

        What the application's queue, topic and bucket policies say of it is included.
        """
        pattern = reference.pattern
        name = _last(pattern) if pattern is not None else Pattern.any("role")
        resource = self.roles.get(name)
        if resource is None:
            shown = pattern if pattern is not None else "its role"
            why = Reason(
                f"the role {shown} is declared elsewhere: what it allows is not known", reference.span, "doubt"
            )
            return Role((), complete=False, because=(why, *reference.because))
        return self._declared(resource)

    def managed_policies(self, policies: Node) -> Role:
        """What a resolved list of managed policies (ARNs, or names of AWS' own) allows."""
        roles = [self._managed(policy) for policy in policies.listed()]
        return merge_roles(*roles)

    def guarded(self, role: Role, name: Pattern | None) -> Role:
        """Add what queue, topic and bucket policies say of the role called `name` (None where nothing names it)."""
        bound = (_for(principal, statement, name) for principal, statement in self.guards)
        added = tuple(statement for statement in bound if statement is not None)
        return replace(role, statements=(*role.statements, *added)) if added else role

    def _declared(self, resource: Resource) -> Role:
        why = (Reason(f"the function runs as the role {resource.logical_id}", resource.span),)
        parts: list[Role] = []
        inline = resource.properties.get("Policies")
        for policy in inline.listed() if inline else ():
            document = policy.get("PolicyDocument")
            if document is not None:
                parts.append(Role(read_statements(document, self.log, why), complete=True))
        arns = resource.properties.get("ManagedPolicyArns")
        if arns is not None:
            parts.append(self.managed_policies(arns))
        for attached in self.attached.get(resource.name, ()):
            parts.append(Role(self._document(attached), complete=True))
        role = merge_roles(*parts)
        bounded = self.bounded(replace(role, because=(*why, *role.because)), resource)
        return self.guarded(bounded, resource.name)

    def bounded(self, role: Role, resource: Resource) -> Role:
        """The role with the permissions boundary that `resource`, a role or a function of SAM's, gives it."""
        written = resource.properties.get("PermissionsBoundary")
        if written is None or written.value is None:
            return role
        why = Reason("no more is allowed than its permissions boundary allows", written.span)
        boundary = self._managed(written)
        return replace(role, boundary=replace(boundary, because=(why, *boundary.because)))

    def _document(self, policy: Resource) -> tuple[Statement, ...]:
        document = policy.properties.get("PolicyDocument")
        why = (Reason(f"the policy {policy.logical_id} is attached", policy.span),)
        return read_statements(document, self.log, why) if document else ()

    def _managed(self, policy: Node) -> Role:
        pattern = policy.pattern
        name = _last(pattern) if pattern is not None else Pattern.any("policy")
        own = self.managed.get(name)
        if own is not None:
            return Role(self._document(own), complete=True)
        arn = parse_arn(pattern) if pattern is not None else None
        if name.text is not None and (arn is None or arn.account.text == "aws"):
            statements = managed_statements(name.text, policy.span)
            if statements is not None:
                return Role(statements, complete=True)
        why = Reason(f"what the managed policy {name} allows is not known here", policy.span, "doubt")
        return Role((), complete=False, because=(why,))


def merge_roles(*roles: Role) -> Role:
    """One role with the statements of all, complete where all are."""
    return Role(
        statements=tuple(statement for role in roles for statement in role.statements),
        complete=all(role.complete for role in roles),
        because=tuple(dict.fromkeys(reason for role in roles for reason in role.because)),
        boundary=next((role.boundary for role in roles if role.boundary is not None), None),
    )


# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
#: The policies of resources: where each names what it guards, and the service of that.
GUARDED: Mapping[str, tuple[str, str]] = {
    "AWS::SQS::QueuePolicy": ("Queues", "sqs"),
    "AWS::SQS::QueueInlinePolicy": ("Queue", "sqs"),
    "AWS::SNS::TopicPolicy": ("Topics", "sns"),
    "AWS::SNS::TopicInlinePolicy": ("TopicArn", "sns"),
    "AWS::S3::BucketPolicy": ("Bucket", "s3"),
}

# Only calls that a service makes for itself carry these keys, never those of a function.
_SERVICE_KEYS = frozenset({"aws:sourcearn", "aws:sourceaccount"})


def _guards(resource: Resource, log: Log) -> list[tuple[Node, Statement]]:
    """The statements of a resource's own policy, each with its principal and bound to that resource."""
    key, service = GUARDED[resource.type]
    targets = resource.properties.get(key)
    document = resource.properties.get("PolicyDocument", "Statement")
    if targets is None or document is None:
        return []
    arns: list[Pattern] = []
    for target in targets.listed():
        if target.pattern is not None:
            arn = resource_arn(service, arn_name(service, target.pattern))
            arns.extend((arn, Pattern.of(arn, "/*")) if service == "s3" else (arn,))
    found: list[tuple[Node, Statement]] = []
    for item in document.listed():
        principal = item.get("Principal") or item.get("NotPrincipal")
        if principal is None or _only_for_services(item):
            continue
        for statement in read_statements(item, log):
            bound = statement
            if any(pattern.text == "*" for pattern in statement.resources):
                bound = replace(statement, resources=tuple(arns))
            why = Reason(f"{resource.logical_id} is the resource's own policy", item.span)
            conditional = bound.conditional or "NotPrincipal" in item.mapping
            because = (why, *bound.because)
            found.append((principal, replace(bound, conditional=conditional, because=because, of_resource=True)))
    return found


def _only_for_services(item: Node) -> bool:
    effect, condition = item.get("Effect"), item.get("Condition")
    if effect is None or effect.text != "Allow" or condition is None:
        return False
    keys = {key.lower() for operator in condition.mapping.values() for key in operator.mapping}
    return bool(keys & _SERVICE_KEYS)


def _for(principal: Node, statement: Statement, name: Pattern | None) -> Statement | None:
    """The statement as it applies to the role called `name`, None where it does not."""
    verdict = _is_principal(principal, name, denied=statement.effect == "Deny")
    if verdict is Verdict.NO:
        return None
    return statement if verdict is Verdict.YES else replace(statement, conditional=True)


def _is_principal(principal: Node, name: Pattern | None, *, denied: bool) -> Verdict:
    if principal.pattern is not None:
        return Verdict.YES if principal.text == "*" else Verdict.MAYBE
    listed = principal.get("AWS")
    return Verdict.any(_is_identity(item.pattern, name, denied=denied) for item in (listed.listed() if listed else ()))


def _is_identity(identity: Pattern | None, name: Pattern | None, *, denied: bool) -> Verdict:
    if identity is None:
        return Verdict.MAYBE
    if identity.text == "*":
        return Verdict.YES
    arn = parse_arn(identity)
    if (arn is not None and arn.resource.text == "root") or (arn is None and _is_account(identity)):
        # To allow the account leaves the decision to its roles' own policies; to deny it denies all of them.
        return Verdict.YES if denied else Verdict.NO
    return Verdict.MAYBE if name is None else _last(identity).equals(name)


def _is_account(identity: Pattern) -> bool:
    from_template = [hole.label for hole in identity.holes] == ["AWS::AccountId"] and len(identity.parts) == 1
    return from_template or (identity.text or "").isdecimal()


def _last(identity: Pattern) -> Pattern:
    """The name at the end of an ARN with a path (`role/service/NAME`), or the name itself."""
    return identity.split("/")[-1]
