"""`AWS::Lambda::Permission`: whoever may call a function, as evidence that they do."""

from __future__ import annotations

from collections.abc import Mapping

from sls_lab.aws.arn import arn_name
from sls_lab.aws.triggers import BY_PRINCIPAL
from sls_lab.template.model import NOTHING, Resource, Trigger
from sls_lab.template.shared.trigger_collector import Collector, because

# Kinds that share one principal.
_ALIKE: Mapping[str, frozenset[str]] = {
    "http": frozenset({"http", "httpApi", "websocket", "authorizer"}),
    "eventBridge": frozenset({"eventBridge", "schedule", "cloudwatchEvent"}),
}


def read_permissions(collector: Collector, known: Mapping[str, tuple[Trigger, ...]]) -> None:
    """Add a trigger for each permission of a service where no other trigger of the function says the same.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
    """
    for resource in collector.of_type("AWS::Lambda::Permission"):
        target = resource.properties.get("FunctionName")
        function = collector.function(target.pattern) if target and target.pattern is not None else None
        if function is None:
            continue
        trigger = _evidence(resource)
        if trigger is None:
            continue
        alike = _ALIKE.get(trigger.type, frozenset({trigger.type}))
        seen = (*known.get(function, ()), *collector.triggers.get(function, ()))
        if not any(other.type in alike for other in seen):
            collector.wake(function, trigger)


def _evidence(resource: Resource) -> Trigger | None:
    properties = resource.properties
    principal, source = properties.get("Principal"), properties.get("SourceArn")
    text = (principal.text if principal else None) or ""
    authorisation = properties.get("FunctionUrlAuthType")
    why = f"the permission {resource.logical_id} lets {text} call the function"
    reasons = because(why, resource.span, source)
    if authorisation is not None:
        return Trigger("url", None, None, {"authType": authorisation}, resource.span, reasons)
    if text not in BY_PRINCIPAL:
        return None
    kind, service = BY_PRINCIPAL[text]
    pattern = source.pattern if source else None
    if service is None:
        return Trigger(kind, None, None, NOTHING, resource.span, reasons)
    if pattern is None:
        return None
    return Trigger(kind, service, arn_name(service, pattern), NOTHING, resource.span, reasons)
