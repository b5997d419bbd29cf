"""AWS Secrets Manager."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, SecretFacts, ServiceFacts

FACTS = ServiceFacts(
    client="secretsmanager",
    arn=ArnShape("secret:"),
    types={"AWS::SecretsManager::Secret": ResourceType("Name", "arn", {"Id": "arn"})},
    secrets=(SecretFacts("SecretValue", frozenset({"get_secret_value", "batch_get_secret_value"})),),
)
