"""Amazon EventBridge Scheduler."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="scheduler",
    arn=ArnShape("schedule/"),
    types={"AWS::Scheduler::Schedule": ResourceType("Name")},
    implies=("iam",),
    triggers=(TriggerFacts("schedule", "clock", asynchronous=True, principal=("scheduler.amazonaws.com",)),),
)
