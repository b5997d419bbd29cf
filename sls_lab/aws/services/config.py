"""AWS Config: rules of its users."""

from __future__ import annotations

from sls_lab.aws.model import Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="config",
    triggers=(TriggerFacts("config"),),
    routes=(Route("AWS::Config::ConfigRule", "config", (Target("Source.SourceIdentifier"),)),),
)
