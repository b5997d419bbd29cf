"""Amazon Lex."""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="lexv2-runtime",
    triggers=(TriggerFacts("lex", principal=("lex.amazonaws.com", "lexv2.amazonaws.com")),),
)
