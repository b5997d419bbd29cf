"""Amazon SNS."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="sns",
    arn=ArnShape("", ":"),
    types={"AWS::SNS::Topic": ResourceType("TopicName", "arn", {"TopicName": "name", "TopicArn": "arn"})},
    raising=frozenset({"publish", "publish_batch"}),
    actions={"publish_batch": "Publish"},
    delivering="sns:Publish",
    target=True,
    triggers=(TriggerFacts("sns", asynchronous=True, raised=True, principal=("sns.amazonaws.com",)),),
)
