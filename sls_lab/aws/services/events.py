"""Amazon EventBridge.

A rule of which only the permission to call the function is seen has neither its pattern nor its bus here.
"""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="events",
    arn=ArnShape("event-bus/", "/", cut=True),
    types={
        "AWS::Events::EventBus": ResourceType("Name", attributes={"Name": "name"}),
        "AWS::Events::Rule": ResourceType("Name", arn=ArnShape("rule/", "/")),
    },
    raising=frozenset({"put_events"}),
    delivering="events:PutEvents",
    implies=("iam",),
    target=True,
    triggers=(
        TriggerFacts(
            "eventBridge",
            asynchronous=True,
            raised=True,
            principal=("events.amazonaws.com",),
            names_source=False,
        ),
        TriggerFacts("cloudwatchEvent", asynchronous=True, raised=True),
        TriggerFacts("schedule", "clock", asynchronous=True),
    ),
)
