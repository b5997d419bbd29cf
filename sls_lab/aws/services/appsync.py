"""AWS AppSync."""

from __future__ import annotations

from sls_lab.aws.model import Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="appsync",
    triggers=(TriggerFacts("appSync", "public", principal=("appsync.amazonaws.com",)),),
    routes=(Route("AWS::AppSync::DataSource", "appSync", (Target("LambdaConfig.LambdaFunctionArn"),)),),
)
