"""Amazon CloudFront: functions at the edge."""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts, TriggerFacts

FACTS = ServiceFacts(client="cloudfront", triggers=(TriggerFacts("cloudFront", "public"),))
