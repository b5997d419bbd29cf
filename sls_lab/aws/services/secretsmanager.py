"""AWS Secrets Manager."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts

FACTS = ServiceFacts(
    client="secretsmanager",
    arn=ArnShape("secret:"),
    types={"AWS::SecretsManager::Secret": ResourceType("Name", "arn", {"Id": "arn"})},
)
