"""AWS Systems Manager: its parameter store."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, SecretFacts, ServiceFacts

FACTS = ServiceFacts(
    client="ssm",
    arn=ArnShape("parameter/"),
    types={"AWS::SSM::Parameter": ResourceType("Name")},
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
    secrets=(
        SecretFacts(
            "SecureParameter",
            frozenset({"get_parameter", "get_parameters", "get_parameters_by_path", "get_parameter_history"}),
            when="WithDecryption",
        ),
    ),
)
