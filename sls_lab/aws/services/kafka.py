"""Amazon MSK, and Kafka that its users run themselves."""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="kafka",
    triggers=(
        TriggerFacts("msk", polled=True, sam_policy={"MSK": "AWSLambdaMSKExecutionRole"}),
        TriggerFacts("kafka", sam=("SelfManagedKafka",), settings={"topic": "Topics"}),
    ),
)
