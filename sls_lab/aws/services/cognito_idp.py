"""Amazon Cognito: user pools."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="cognito-idp",
    arn=ArnShape("userpool/"),
    types={"AWS::Cognito::UserPool": ResourceType(None, attributes={"UserPoolId": "name"})},
    triggers=(
        TriggerFacts(
            "cognitoUserPool",
            "public",
            sam=("Cognito",),
            settings={"pool": "UserPool", "trigger": "Trigger"},
            principal=("cognito-idp.amazonaws.com",),
        ),
    ),
)
