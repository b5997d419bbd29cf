"""Custom resources: functions that CloudFormation wakes during a deployment, and what the CDK declares by them."""

from __future__ import annotations

from types import MappingProxyType

from sls_lab.template.cloudformation.event_settings import s3_triggers
from sls_lab.template.cloudformation.subscriptions import notify, send_to_event_bridge
from sls_lab.template.model import Resource, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_collector import Collector, because, settings

_NOTIFICATIONS = "Custom::S3BucketNotifications"


def read_custom_resources(collector: Collector) -> None:
    """The trigger of each function that a `ServiceToken` names, and the notifications that the CDK sets up.

    Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html,
    https://github.com/aws/aws-cdk/tree/main/packages/aws-cdk-lib/aws-s3/lib/notifications-resource
    """
    for resource in collector.resources:
        token = resource.properties.get("ServiceToken")
        if token is None:
            continue
        function = collector.function(token.pattern) if token.pattern is not None else None
        if function is not None:
            reasons = because(f"CloudFormation invokes it to deploy {resource.logical_id}", resource.span, token)
            collector.wake(function, Trigger("customResource", None, None, settings(), resource.span, reasons))
        if resource.type == _NOTIFICATIONS:
            _read_notifications(collector, resource)


def _read_notifications(collector: Collector, resource: Resource) -> None:
    """The configuration, in the form of S3's own API (PutBucketNotificationConfiguration)."""
    bucket, configuration = resource.properties.get("BucketName"), resource.properties.get("NotificationConfiguration")
    if bucket is None or bucket.pattern is None or configuration is None:
        return
    why = f"{resource.logical_id} makes the bucket notify of this event"
    for item in _listed(configuration, "LambdaFunctionConfigurations"):
        target = item.get("LambdaFunctionArn")
        if target is not None:
            for trigger in s3_triggers(bucket.pattern, item.get("Events"), _filter(item), item.span, why):
                collector.wake_target(target, trigger, resource.logical_id)
    for key, end in (("QueueConfigurations", "QueueArn"), ("TopicConfigurations", "TopicArn")):
        for item in _listed(configuration, key):
            notify(collector, bucket.pattern, item.get("Events"), _filter(item), item.get(end), item.span, why)
    if configuration.get("EventBridgeConfiguration") is not None:
        send_to_event_bridge(collector, bucket.pattern, configuration.span, resource.logical_id)


def _filter(item: Node) -> Node | None:
    """`Filter: {Key: {FilterRules: …}}` in the words of a bucket's own notifications."""
    rules = item.get("Filter", "Key", "FilterRules")
    if rules is None:
        return None
    inner = Node(MappingProxyType({"Rules": rules}), rules.span)
    return Node(MappingProxyType({"S3Key": inner}), rules.span)


def _listed(configuration: Node, key: str) -> tuple[Node, ...]:
    found = configuration.get(key)
    return found.items if found is not None else ()
