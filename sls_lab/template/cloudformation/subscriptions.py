"""Subscriptions to topics, notifications of buckets, and destinations of asynchronous calls."""

from __future__ import annotations

from sls_lab.aws.arn import arn_name
from sls_lab.aws.registry import FACTS
from sls_lab.facts import Pattern, Span
from sls_lab.template.cloudformation.event_settings import json_value, s3_rules, s3_triggers
from sls_lab.template.model import Relay, Subscription, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_collector import Collector, because, settings, target_of, written_arn


def read_topics(collector: Collector) -> None:
    """`AWS::SNS::Subscription` and the `Subscription` of an `AWS::SNS::Topic`.

    Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-sns-topic-subscription.html
    """
    for resource in collector.of_type("AWS::SNS::Subscription"):
        topic = resource.properties.get("TopicArn")
        if topic is not None and topic.pattern is not None:
            subscribe(collector, arn_name("sns", topic.pattern), resource.properties, resource.span, topic)
    for resource in collector.of_type("AWS::SNS::Topic"):
        listed = resource.properties.get("Subscription")
        for subscription in listed.listed() if listed else ():
            subscribe(collector, resource.name, subscription, subscription.span)


def subscribe(collector: Collector, topic: Pattern, properties: Node, span: Span, *sources: Node) -> None:
    """One subscription: a function is woken, a queue or a delivery stream is a relay, all else a subscriber outside."""
    protocol, endpoint = properties.get("Protocol"), properties.get("Endpoint")
    if protocol is None or protocol.text is None or endpoint is None or endpoint.pattern is None:
        return
    policy, raw = properties.get("FilterPolicy"), properties.get("RawMessageDelivery")
    filter_policy = json_value(policy) if policy else None
    given = settings(
        filterPolicy=filter_policy, filterPolicyScope=properties.get("FilterPolicyScope"), rawMessageDelivery=raw
    )
    reasons = because(f"subscribed to the topic {topic} by {protocol.text}", span, *sources, endpoint)
    if protocol.text == "lambda":
        arn = next((found for source in sources if (found := written_arn(source)) is not None), None)
        trigger = Trigger("sns", "sns", topic, given, span, reasons, arn=arn)
        collector.wake_target(endpoint, trigger, f"the topic {topic}")
    elif protocol.text in FACTS and FACTS[protocol.text].target:
        target = arn_name(protocol.text, endpoint.pattern)
        collector.relays.append(Relay("sns", topic, protocol.text, target, given, span, reasons))
    else:
        collector.subscriptions.append(Subscription(topic, protocol.text, endpoint.pattern, span))


def read_buckets(collector: Collector) -> None:
    """The `NotificationConfiguration` of each `AWS::S3::Bucket`.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html
    """
    for resource in collector.of_type("AWS::S3::Bucket"):
        configuration = resource.properties.get("NotificationConfiguration")
        if configuration is None:
            continue
        why = f"the bucket {resource.logical_id} notifies of this event"
        for item in _listed(configuration, "LambdaConfigurations"):
            target = item.get("Function")
            if target is not None:
                for trigger in s3_triggers(resource.name, item.get("Event"), item.get("Filter"), item.span, why):
                    collector.wake_target(target, trigger, resource.logical_id)
        for key, end in (("QueueConfigurations", "Queue"), ("TopicConfigurations", "Topic")):
            for item in _listed(configuration, key):
                notify(collector, resource.name, item.get("Event"), item.get("Filter"), item.get(end), item.span, why)
        bridge = configuration.get("EventBridgeConfiguration")
        enabled = bridge.get("EventBridgeEnabled") if bridge is not None else None
        if bridge is not None and (enabled is None or str(enabled.pattern).lower() != "false"):
            send_to_event_bridge(collector, resource.name, configuration.span, resource.logical_id)


def notify(
    collector: Collector,
    bucket: Pattern,
    events: Node | None,
    filter_node: Node | None,
    target: Node | None,
    span: Span,
    why: str,
) -> None:
    """The relays from a bucket to a queue or topic, one for each event name."""
    found = target_of(target.pattern) if target and target.pattern is not None else None
    if found is None:
        return
    service, name = found
    for event in events.listed() if events else ():
        given = settings(event=event, rules=s3_rules(filter_node))
        reasons = because(f"{why}: {name}", span, target)
        collector.relays.append(Relay("s3", bucket, service, name, given, span, reasons))


def send_to_event_bridge(collector: Collector, bucket: Pattern, span: Span, logical_id: str) -> None:
    """The relay from a bucket to the default event bus."""
    reasons = because(f"{logical_id} makes the bucket send its events to EventBridge", span)
    collector.relays.append(Relay("s3", bucket, "events", Pattern.of("default"), settings(), span, reasons))


def read_destinations(collector: Collector) -> None:
    """`AWS::Lambda::EventInvokeConfig`: where the outcome of an asynchronous call goes.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    for resource in collector.of_type("AWS::Lambda::EventInvokeConfig"):
        function, config = resource.properties.get("FunctionName"), resource.properties.get("DestinationConfig")
        if function is not None and function.pattern is not None and config is not None:
            add_destinations(collector, arn_name("lambda", function.pattern), config, resource.span)


def add_destinations(collector: Collector, function: Pattern, config: Node, span: Span) -> None:
    """The relays from the function called `function` to its `OnSuccess` and `OnFailure` destinations."""
    for condition in ("OnSuccess", "OnFailure"):
        destination = config.get(condition, "Destination")
        if destination is not None:
            add_destination(collector, function, condition, destination, span)


def add_destination(collector: Collector, function: Pattern, condition: str, destination: Node, span: Span) -> None:
    """The relay to one destination; a note where it is not known what that is."""
    found = target_of(destination.pattern) if destination.pattern is not None else None
    if found is None:
        message = f"{condition} of {function} goes to {destination.pattern}, which is not known, so it is left out."
        collector.log.say("destination-unknown", message, destination.span)
        return
    service, name = found
    reasons = because(f"{condition} of {function} goes to {name}", span, destination)
    given = settings(destination=Node(Pattern.of(condition), destination.span))
    collector.relays.append(Relay("lambda", function, service, name, given, span, reasons))


def _listed(configuration: Node, key: str) -> tuple[Node, ...]:
    found = configuration.get(key)
    return found.items if found else ()
