"""Amazon Bedrock: agents, which call functions as their tools."""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="bedrock-agent-runtime",
    triggers=(TriggerFacts("bedrock", principal=("bedrock.amazonaws.com",)),),
)
