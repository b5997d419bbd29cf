"""AWS KMS."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, SecretFacts, ServiceFacts

FACTS = ServiceFacts(
    client="kms",
    arn=ArnShape("key/"),
    types={"AWS::KMS::Key": ResourceType(None)},
    secrets=(SecretFacts("DecryptedData", frozenset({"decrypt", "generate_data_key", "generate_data_key_pair"})),),
)
