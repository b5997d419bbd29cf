"""The roles of a Serverless Framework template's functions.

Facts: https://www.serverless.com/framework/docs/providers/aws/guide/iam and
https://www.serverless.com/plugins/serverless-iam-roles-per-function.

The framework turns its own words into `AWS::IAM::Role` resources, and so does this module: the role is then read like
any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.iam.roles import Roles
from sls_lab.template.model import Resource, Role
from sls_lab.template.serverless.generated_names import EXECUTION_ROLE, function_role_logical_id
from sls_lab.template.serverless.service import ServerlessService, keyed_span, list_node, mapping_node, text_node
from sls_lab.template.shared.node import Node

#: Both words are the framework's.
_BOUNDARY: Final = ("permissionsBoundary", "permissionBoundary")
PLUGIN: Final = "serverless-iam-roles-per-function"


@dataclass(frozen=True, slots=True)
class Grant:
    """How a function gets its permissions: the role by name or ARN, and why a part of it cannot be seen."""

    reference: Node
    hidden: tuple[Reason, ...] = ()


@dataclass(slots=True)
class Grants:
    """Finds each function's role; the roles that the framework makes are collected in `made`.

    `added` are statements that the framework adds to the shared role.
    """

    service: ServerlessService
    added: tuple[Node, ...] = ()
    made: dict[str, Resource] = field(default_factory=dict)
    _shared: Grant | None = None

    def grant(self, name: str, function: Node) -> Grant:
        """The role of the function `name`, written as `function`."""
        role = function.get("role")
        if role is not None and role.value is not None:
            return self._written(role)
        own = self._own_statements(name, function)
        if own is not None:
            statements, policies, inherit = own
            if inherit:
                statements = (*statements, *self._provider_statements())
                policies = (*policies, *self._provider_policies())
            role_name = self._own_name(name, function)
            return self._make(function_role_logical_id(name), role_name, statements, policies, keyed_span(function))
        return self.shared()

    def shared(self) -> Grant:
        """The role of every function that has none of its own."""
        if self._shared is None:
            role = self.service.get("provider", "role") or self.service.get("provider", "iam", "role")
            if role is not None and not _is_settings(role):
                self._shared = self._written(role)
            else:
                place = role or self.service.get("provider") or self.service.tree
                self._shared = self._make(
                    EXECUTION_ROLE,
                    self.shared_name(),
                    (*self._provider_statements(), *self.added),
                    self._provider_policies(),
                    place.span,
                )
        return self._shared

    def read(self, grant: Grant, roles: Roles) -> Role:
        """The permissions of a grant; `roles` hold the template's roles and those of `made`."""
        role = roles.read(grant.reference)
        if grant.hidden:
            role = replace(role, complete=False, because=(*role.because, *grant.hidden))
        return role

    def _written(self, role: Node) -> Grant:
        """A role by ARN, by an intrinsic function, or by the logical id of a role of the template."""
        return Grant(self.service.resolved(role))

    def _own_statements(self, name: str, function: Node) -> tuple[tuple[Node, ...], tuple[Node, ...], bool] | None:
        """A function's own statements and managed policies, and whether it inherits the provider's; None without."""
        written = function.get("iamRoleStatements")
        settings = function.get("iam", "role")
        if written is not None:
            if not self.service.uses(PLUGIN):
                message = f"iamRoleStatements of {name} count only with the plugin {PLUGIN}: add it to plugins."
                self.service.log.say("statements-ignored", message, keyed_span(written))
                return None
            default = self.service.truth(self.service.find("custom", PLUGIN, "defaultInherit"))
            inherit = self.service.truth(function.get("iamRoleStatementsInherit"), default)
            return self._statements(written), (), inherit
        if settings is not None and _is_settings(settings):
            statements, policies = settings.get("statements"), settings.get("managedPolicies")
            if statements is not None or policies is not None:
                inherit = self.service.truth(function.get("iam", "inheritStatements"))
                return self._statements(statements), self._policies(policies), inherit
        return None

    def _provider_statements(self) -> tuple[Node, ...]:
        written = self.service.get("provider", "iam", "role", "statements")
        return self._statements(written or self.service.get("provider", "iamRoleStatements"))

    def _provider_policies(self) -> tuple[Node, ...]:
        written = self.service.get("provider", "iam", "role", "managedPolicies")
        return self._policies(written or self.service.get("provider", "iamManagedPolicies"))

    def _statements(self, written: Node | None) -> tuple[Node, ...]:
        """The statements with their intrinsic functions resolved; what is not known stays as it is, to be seen."""
        return self.service.resolved(written).items if written is not None and written.items else _alone(written)

    def _policies(self, written: Node | None) -> tuple[Node, ...]:
        return tuple(self.service.resolved(written).listed()) if written is not None else ()

    def shared_name(self) -> Pattern:
        """The name of the role that the framework makes for all functions."""
        for path in (("provider", "iam", "role", "name"), ("provider", "iamRoleName")):
            written = self.service.find(*path)
            if written is not None and written.pattern is not None:
                return written.pattern
        service = self.service
        return Pattern.of(service.name, "-", service.stage, "-", service.region, "-lambdaRole")

    def _own_name(self, name: str, function: Node) -> Pattern:
        written = function.get("iamRoleStatementsName")
        if written is not None and written.pattern is not None:
            return written.pattern
        service = self.service
        return Pattern.of(service.name, "-", service.stage, f"-{name}-", service.region, "-lambdaRole")

    def _make(
        self, logical_id: str, name: Pattern, statements: Iterable[Node], policies: tuple[Node, ...], span: Span
    ) -> Grant:
        known: list[Node] = []
        hidden: list[Reason] = []
        for statement in _flat(statements):
            if statement.mapping:
                known.append(statement)
            elif statement.value is not None:
                message = f"These statements are not known here ({statement.pattern}), nor what they allow."
                self.service.log.say("statements-unknown", message, statement.span)
                hidden.append(Reason("some of the role's statements are not known here", statement.span))
        properties = {"Policies": list_node((_policy(known, span),), span)} if known else {}
        boundaries = (self.service.find("provider", "iam", "role", word) for word in _BOUNDARY)
        boundary = next((node for node in boundaries if node is not None), None)
        if boundary is not None:
            properties["PermissionsBoundary"] = boundary
        if policies:
            properties["ManagedPolicyArns"] = list_node(policies, span)
        self.made[logical_id] = Resource(logical_id, "AWS::IAM::Role", name, mapping_node(properties, span), span)
        return Grant(text_node(logical_id, span), tuple(hidden))


def _is_settings(role: Node) -> bool:
    """Whether `iam.role` describes the role to make, and does not name one."""
    return bool(role.mapping) and not any(key == "Ref" or key.startswith("Fn::") for key in role.mapping)


def _alone(written: Node | None) -> tuple[Node, ...]:
    return () if written is None or written.value is None or written.value == () else (written,)


def _flat(statements: Iterable[Node]) -> Iterator[Node]:
    for statement in statements:
        if isinstance(statement.value, tuple):
            yield from _flat(statement.items)
        else:
            yield statement


def _policy(statements: Iterable[Node], span: Span) -> Node:
    document = mapping_node({"Statement": list_node(statements, span)}, span)
    return mapping_node({"PolicyDocument": document}, span)
