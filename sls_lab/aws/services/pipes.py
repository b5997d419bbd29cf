"""Amazon EventBridge Pipes."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts

FACTS = ServiceFacts(client="pipes", arn=ArnShape("pipe/"), types={"AWS::Pipes::Pipe": ResourceType("Name")})
