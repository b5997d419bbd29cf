"""Amazon Data Firehose."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts

FACTS = ServiceFacts(
    client="firehose",
    arn=ArnShape("deliverystream/", "/"),
    types={"AWS::KinesisFirehose::DeliveryStream": ResourceType("DeliveryStreamName")},
    raising=frozenset({"put_record", "put_record_batch"}),
    implies=("iam",),
    target=True,
)
