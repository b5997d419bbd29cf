"""The permissions that SAM gives a function: its `Policies`, its event sources, its connectors.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sls_lab.aws.arn import ACCOUNT, arn_name, parse_arn
from sls_lab.aws.attributes import attribute
from sls_lab.aws.registry import facts_by_word
from sls_lab.aws.triggers import SAM_POLLING_POLICIES
from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.cloudformation.substitution_syntax import Name, split_substitution
from sls_lab.template.iam.managed_policies import ManagedStatement, connector_policy, managed_statements, sam_policy
from sls_lab.template.iam.roles import Roles, merge_roles
from sls_lab.template.iam.statements import read_statements
from sls_lab.template.model import Resource, Role, Statement
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log


@dataclass(frozen=True, slots=True)
class SamRoles:
    """Reads the roles that SAM makes; `resources` are by logical id."""

    roles: Roles
    resources: Mapping[str, Resource]
    region: Pattern
    log: Log

    def role(self, function: Resource, connectors: Iterable[Node]) -> Role:
        """The role of one function: the one it names, else the one that SAM makes for it.

        `connectors` are the properties of those that start at this function.
        """
        properties = function.properties
        named = properties.get("Role")
        if named is not None:
            parts = [self.roles.read(named)]
        else:
            parts = [self._basic(function), *self._policies(properties.get("Policies"))]
            parts.extend(self._for_events(properties.get("Events")))
        parts.extend(self._for_destinations(properties))
        parts.extend(self._connector(connector) for connector in connectors)
        role = merge_roles(*parts)
        if named is not None:
            return role
        bounded = self.roles.bounded(role, function)
        return self.roles.guarded(bounded, Pattern.generated(f"{function.logical_id}Role"))

    def _basic(self, function: Resource) -> Role:
        names = ["AWSLambdaBasicExecutionRole"]
        if function.properties.get("VpcConfig") is not None:
            names.append("AWSLambdaVPCAccessExecutionRole")
        tracing = function.properties.get("Tracing")
        if tracing is not None and tracing.text == "Active":
            names.append("AWSXRayDaemonWriteAccess")
        why = Reason(f"SAM makes a role for {function.logical_id} from its policies", function.span)
        statements = [one for name in names for one in managed_statements(name, function.span) or ()]
        return Role(tuple(statements), complete=True, because=(why,))

    def _policies(self, policies: Node | None) -> Iterable[Role]:
        """A managed policy by name or ARN, a policy document, or a template of SAM's with its parameters."""
        for policy in policies.listed() if policies else ():
            if policy.pattern is not None:
                yield self.roles.managed_policies(policy)
            elif policy.get("Statement") is not None or policy.get("Effect") is not None:
                yield Role(read_statements(policy, self.log), complete=True)
            else:
                for name, parameters in policy.mapping.items():
                    yield self._template(name, parameters, policy.span)

    def _template(self, name: str, parameters: Node, span: Span) -> Role:
        kept = sam_policy(name)
        if kept is None:
            message = f"{name} is not one of SAM's policy templates, so what it allows is not known: fix the name."
            self.log.say("policy-unknown", message, span)
            why = Reason(f"what the policy {name} allows is not known", span, "doubt")
            return Role((), complete=False, because=(why,))
        values = {key: node.pattern for key, node in parameters.mapping.items()}
        inner = (reason for node in parameters.mapping.values() for reason in node.because)
        because = tuple(dict.fromkeys((Reason(f"SAM's policy template {name}", span), *inner)))
        return Role(self._filled(kept, values, span, because), complete=True)

    def _filled(
        self,
        kept: Iterable[ManagedStatement],
        values: Mapping[str, Pattern | None],
        span: Span,
        because: tuple[Reason, ...],
    ) -> tuple[Statement, ...]:
        found: list[Statement] = []
        for one in kept:
            resources = tuple(self._resource(Pattern.of(template), values) for template in one.resources)
            found.append(one.statement(resources, span, because))
        return tuple(found)

    def _resource(self, template: Pattern, values: Mapping[str, Pattern | None]) -> Pattern:
        filled = Pattern.of()
        for piece in split_substitution(template):
            if isinstance(piece, Name):
                given = {"AWS::Region": self.region, "AWS::AccountId": ACCOUNT, **values}.get(piece.text)
                filled += given if given is not None else Pattern.any(piece.text)
            else:
                filled += piece
        return filled

    def _for_events(self, events: Node | None) -> Iterable[Role]:
        for event in events.mapping.values() if events else ():
            kind = event.get("Type")
            text = (kind.text if kind else None) or ""
            name = SAM_POLLING_POLICIES.get(text)
            if text == "SNS" and event.get("Properties", "SqsSubscription") is not None:
                name = SAM_POLLING_POLICIES["SQS"]
            if name is not None:
                yield Role(managed_statements(name, event.span) or (), complete=True)

    def _for_destinations(self, properties: Node) -> Iterable[Role]:
        """SAM lets the function send to its dead-letter queue or topic and to its destinations."""
        letters = properties.get("DeadLetterQueue", "TargetArn")
        config = properties.get("EventInvokeConfig", "DestinationConfig")
        ends = [config.get(key, "Destination") for key in ("OnSuccess", "OnFailure")] if config else []
        for end in (letters, *ends):
            arn = parse_arn(end.pattern) if end is not None and end.pattern is not None else None
            facts = facts_by_word(arn.service.text or "") if arn else None
            action = facts.delivering if facts is not None else ""
            if end is not None and end.pattern is not None and action:
                why = (Reason("SAM lets the function send its outcome there", end.span),)
                statement = Statement("Allow", (Pattern.of(action),), (end.pattern,), end.span, because=why)
                yield Role((statement,), complete=True)

    def _connector(self, connector: Node) -> Role:
        """https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-connector.html"""
        access, destination = connector.get("Permissions"), connector.get("Destination")
        parts: list[Role] = []
        for end in destination.listed() if destination else ():
            target = self._end(end)
            for category in access.listed() if access else ():
                kept = connector_policy(target[0], category.text or "") if target else None
                if target is None or kept is None:
                    why = Reason("what this connector allows is not known", connector.span, "doubt")
                    parts.append(Role((), complete=False, because=(why,)))
                    continue
                _, arn, name = target
                because = (Reason(f"a connector gives {category.text} access to {name}", connector.span),)
                statements = self._filled(kept, {"Arn": arn, "Name": name}, connector.span, because)
                parts.append(Role(statements, complete=True))
        return merge_roles(*parts)

    def _end(self, end: Node) -> tuple[str, Pattern, Pattern] | None:
        """The CloudFormation type, the ARN and the name of a connector's end."""
        logical_id = end.get("Id")
        if logical_id is not None:
            resource = self.resources.get(logical_id.text or "")
            if resource is None:
                return None
            arn = attribute(resource.type, resource.name, "Arn", self.region)
            if resource.type == "AWS::SNS::Topic":
                arn = attribute(resource.type, resource.name, "TopicArn", self.region)
            return (_plain_type(resource.type), arn, resource.name) if arn is not None else None
        kind, written = end.get("Type"), end.get("Arn")
        if kind is None or kind.text is None or written is None or written.pattern is None:
            return None
        parsed = parse_arn(written.pattern)
        service = (parsed.service.text if parsed else None) or ""
        return _plain_type(kind.text), written.pattern, arn_name(service, written.pattern)


def _plain_type(type_name: str) -> str:
    """The type that SAM's resource becomes."""
    return {
        "AWS::Serverless::Function": "AWS::Lambda::Function",
        "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
        "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    }.get(type_name, type_name)
