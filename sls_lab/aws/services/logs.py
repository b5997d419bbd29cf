"""Amazon CloudWatch Logs."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="logs",
    arn=ArnShape("log-group:", ":"),
    types={"AWS::Logs::LogGroup": ResourceType("LogGroupName")},
    triggers=(
        TriggerFacts(
            "cloudwatchLog",
            asynchronous=True,
            sam=("CloudWatchLogs",),
            settings={"logGroup": "LogGroupName", "filter": "FilterPattern"},
            principal=("logs.amazonaws.com",),
        ),
    ),
    routes=(Route("AWS::Logs::SubscriptionFilter", "cloudwatchLog", (Target("DestinationArn"),)),),
)
