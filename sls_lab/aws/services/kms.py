"""AWS KMS."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts

FACTS = ServiceFacts(client="kms", arn=ArnShape("key/"), types={"AWS::KMS::Key": ResourceType(None)})
