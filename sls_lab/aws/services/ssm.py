"""AWS Systems Manager: its parameter store."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts

FACTS = ServiceFacts(client="ssm", arn=ArnShape("parameter/"), types={"AWS::SSM::Parameter": ResourceType("Name")})
