"""Amazon EventBridge Scheduler.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html
"""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="scheduler",
    arn=ArnShape("schedule/"),
    types={"AWS::Scheduler::Schedule": ResourceType("Name")},
    raising=frozenset({"create_schedule", "update_schedule"}),
    implies=("iam",),
    triggers=(TriggerFacts("schedule", "clock", asynchronous=True, principal=("scheduler.amazonaws.com",)),),
    routes=(
        Route(
            "AWS::Scheduler::Schedule",
            "schedule",
            (Target("Target.Arn"),),
            settings={"rate": "ScheduleExpression", "input": "Target.Input"},
            off=("State", "DISABLED"),
        ),
    ),
)
