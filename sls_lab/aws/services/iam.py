"""AWS IAM: it has no region, and the path of a role, if any, comes before its name."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts

FACTS = ServiceFacts(
    client="iam",
    arn=ArnShape("role/", region=False),
    types={
        "AWS::IAM::Role": ResourceType("RoleName"),
        "AWS::IAM::ManagedPolicy": ResourceType(
            "ManagedPolicyName", "arn", {"PolicyArn": "arn"}, ArnShape("policy/", region=False)
        ),
    },
)
