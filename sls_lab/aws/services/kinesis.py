"""Amazon Kinesis Data Streams."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="kinesis",
    arn=ArnShape("stream/", "/", cut=True),
    types={"AWS::Kinesis::Stream": ResourceType("Name")},
    raising=frozenset({"put_record", "put_records"}),
    target=True,
    triggers=(
        TriggerFacts("stream", polled=True, raised=True, sam_policy={"Kinesis": "AWSLambdaKinesisExecutionRole"}),
    ),
)
