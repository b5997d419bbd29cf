"""Amazon MQ."""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="mq",
    triggers=(TriggerFacts("activemq", polled=True), TriggerFacts("rabbitmq", polled=True)),
)
