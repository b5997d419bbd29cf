"""Event source mappings, EventBridge rules and pipes."""

from __future__ import annotations

from dataclasses import replace

from sls_lab.template.cloudformation.event_settings import bus_name, filter_patterns, rule_trigger, source_trigger
from sls_lab.template.model import Relay, Resource, Trigger
from sls_lab.template.shared.node import EMPTY, Node
from sls_lab.template.shared.trigger_collector import Collector, because, settings, target_of


def read_mappings(collector: Collector) -> None:
    """`AWS::Lambda::EventSourceMapping`: a queue, a stream, MSK or MQ polled for a function.

    A mapping that is not enabled wakes nothing.
    """
    for resource in collector.of_type("AWS::Lambda::EventSourceMapping"):
        properties = resource.properties
        source, target = properties.get("EventSourceArn"), properties.get("FunctionName")
        if target is None or _is_false(properties.get("Enabled")):
            continue
        why = f"the event source mapping {resource.logical_id} polls for the function"
        trigger = None
        if source is not None:
            trigger = source_trigger(source, properties, collector, resource.span, why)
        elif properties.get("SelfManagedEventSource") is not None:
            given = settings(topic=properties.get("Topics"))
            trigger = Trigger("kafka", None, None, given, resource.span, because(why, resource.span))
        if trigger is None:
            shown = source.pattern if source else "nothing"
            message = f"What {resource.logical_id} polls ({shown}) is not known here: that trigger is left out."
            collector.log.say("source-unknown", message, resource.span)
            continue
        collector.wake_target(target, trigger, resource.logical_id)


def read_rules(collector: Collector) -> None:
    """`AWS::Events::Rule`: each target that is a function is woken, queues, topics, machines and the like are relays.

    A rule that is disabled does nothing; one with a schedule towards anything but a function carries no data of ours.
    """
    for resource in collector.of_type("AWS::Events::Rule"):
        properties = resource.properties
        state = properties.get("State")
        if state is not None and state.text == "DISABLED":
            continue
        bus = bus_name(properties.get("EventBusName"))
        why = f"the rule {resource.logical_id} sends matching events"
        targets = properties.get("Targets")
        for target in targets.listed() if targets else ():
            arn = target.get("Arn")
            if arn is None or arn.pattern is None:
                continue
            trigger = rule_trigger(properties, target, resource.span, why, bus)
            if trigger is not None:
                _deliver(collector, resource, arn, trigger)


def read_pipes(collector: Collector) -> None:
    """`AWS::Pipes::Pipe`: a function as enrichment or target is woken by the source, another target is a relay.

    The trigger has the type `pipe`, since the function receives a list of records without `Records`.
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-pipes-pipe.html
    """
    for resource in collector.of_type("AWS::Pipes::Pipe"):
        properties = resource.properties
        source, target, enrichment = (properties.get(key) for key in ("Source", "Target", "Enrichment"))
        state = properties.get("DesiredState")
        if source is None or source.pattern is None or (state is not None and state.text == "STOPPED"):
            continue
        criteria = properties.get("SourceParameters", "FilterCriteria")
        why = f"the pipe {resource.logical_id} carries records from its source"
        polled = source_trigger(source, Node(EMPTY, resource.span), collector, resource.span, why)
        if polled is None:
            message = f"The source of the pipe {resource.logical_id} is not known here: it is left out."
            collector.log.say("source-unknown", message, source.span)
            continue
        given = dict(polled.settings)
        filters = filter_patterns(criteria)
        if filters is not None:
            given["filterPatterns"] = filters
        if enrichment is not None and enrichment.pattern is not None:
            message = (
                f"The pipe {resource.logical_id} passes on what its enrichment returns; its target is taken to get the "
                "records of the source as they are: follow the enrichment's result by hand."
            )
            collector.log.say("enrichment-not-followed", message, enrichment.span)
        for end, name in ((enrichment, "EnrichmentParameters"), (target, "TargetParameters")):
            if end is not None and end.pattern is not None:
                settings = {**given, **_parameters(properties.get(name))}
                trigger = replace(polled, type="pipe", settings=settings, via=(resource.logical_id,))
                _deliver(collector, resource, end, trigger)


def _parameters(given: Node | None) -> dict[str, Node]:
    """What a pipe makes of its records for one end, and what an event bus is told of them."""
    named = {"InputTemplate": "pipeTemplate", "EventBridgeEventBusParameters": "EventBridgeEventBusParameters"}
    members = given.mapping if given is not None else {}
    return {ours: members[name] for name, ours in named.items() if name in members}


def _deliver(collector: Collector, resource: Resource, arn: Node, trigger: Trigger) -> None:
    """Wake the function that the ARN names, or note the relay to the queue, topic, stream, bus or machine."""
    if arn.pattern is None:
        return
    found = target_of(arn.pattern)
    if found is None or found[0] == "lambda":
        if found is not None or collector.function(arn.pattern) is not None:
            collector.wake_target(arn, trigger, resource.logical_id)
        return
    if trigger.service is None or trigger.resource is None:
        return
    service, name = found
    reasons = tuple(dict.fromkeys((*trigger.because, *arn.because)))
    collector.relays.append(
        Relay(trigger.service, trigger.resource, service, name, trigger.settings, resource.span, reasons)
    )


def _is_false(node: Node | None) -> bool:
    return node is not None and str(node.pattern).lower() == "false"
