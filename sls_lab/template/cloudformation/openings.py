"""What anyone may send to without a function in between: open resources, and APIs that write into a service."""

from __future__ import annotations

from sls_lab.aws.actions import method_action
from sls_lab.aws.arn import arn_name
from sls_lab.aws.registry import facts_of
from sls_lab.facts import Pattern
from sls_lab.template.cloudformation.integrations import read_integration, read_subtype
from sls_lab.template.iam.open_policies import is_blocked, open_statements
from sls_lab.template.iam.roles import GUARDED
from sls_lab.template.shared.trigger_collector import Collector, because


def read_openings(collector: Collector) -> None:
    """Note each resource of the template that anyone may send to."""
    for resource in collector.of_type("AWS::ApiGateway::Method"):
        integration = resource.properties.get("Integration")
        if integration is not None:
            read_integration(collector, integration, resource.span, f"the method {resource.logical_id}")
    routed = {
        target.pattern.split("/")[-1]
        for route in collector.of_type("AWS::ApiGatewayV2::Route")
        if (target := route.properties.get("Target")) is not None and target.pattern is not None
    }
    for resource in collector.of_type("AWS::ApiGatewayV2::Integration"):
        if resource.name in routed:
            read_subtype(collector, resource.properties, resource.span, f"the integration {resource.logical_id}")
    _read_policies(collector)


def _read_policies(collector: Collector) -> None:
    for resource in collector.of_type(*GUARDED):
        key, service = GUARDED[resource.type]
        protected = resource.properties.get(key)
        for opened in open_statements(resource, collector.resources):
            if not any(_writes(service, action) for action in opened.actions):
                continue
            why = because(f"the policy {resource.logical_id} lets anyone send to it", opened.statement.span)
            for node in protected.listed() if protected is not None else ():
                if node.pattern is not None:
                    collector.open_to_all(service, arn_name(service, node.pattern), opened.statement.span, why)
    for bucket in collector.of_type("AWS::S3::Bucket"):
        acl = bucket.properties.get("AccessControl")
        blocked = is_blocked(bucket, "IgnorePublicAcls", "BlockPublicAcls")
        if acl is not None and acl.text == "PublicReadWrite" and not blocked:
            why = because(f"the access list of {bucket.logical_id} lets anyone write to it", acl.span)
            collector.open_to_all("s3", bucket.name, acl.span, why)


def _writes(service: str, action: Pattern) -> bool:
    """Whether an action is, or covers, one that raises an event of the service."""
    raising = (method_action(service, method) for method in facts_of(service).raising)
    return any(Pattern.of(one).matches_glob(action, ignore_case=True).possible for one in raising if one is not None)
