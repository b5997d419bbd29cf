"""AWS IoT Core: its message broker and its topic rules."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="iot-data",
    arn_service="iot",
    arn=ArnShape("topic/"),
    triggers=(
        TriggerFacts(
            "iot",
            "public",
            asynchronous=True,
            sam=("IoTRule",),
            settings={"sql": "Sql"},
            principal=("iot.amazonaws.com",),
        ),
        TriggerFacts("iotFleetProvisioning", "public"),
    ),
    routes=(
        Route(
            "AWS::IoT::TopicRule",
            "iot",
            (Target("TopicRulePayload.Actions[].Lambda.FunctionArn"),),
            settings={"sql": "TopicRulePayload.Sql"},
        ),
    ),
)
