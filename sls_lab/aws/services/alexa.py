"""Alexa: skills.

It has no boto3 client; the name is ours.
"""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="alexa",
    triggers=(
        TriggerFacts(
            "alexaSkill",
            "public",
            sam=("AlexaSkill",),
            settings={"appId": "SkillId"},
            principal=("alexa-appkit.amazon.com",),
        ),
        TriggerFacts("alexaSmartHome", "public", principal=("alexa-connectedhome.amazon.com",)),
    ),
)
