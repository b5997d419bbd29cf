"""AWS Lambda.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="lambda",
    arn=ArnShape("function:", ":"),
    types={
        "AWS::Lambda::Function": ResourceType("FunctionName"),
        "AWS::Serverless::Function": ResourceType("FunctionName"),
        "AWS::Lambda::LayerVersion": ResourceType("LayerName", "version", {"Arn": "version"}, ArnShape("layer:", ":")),
        "AWS::Serverless::LayerVersion": ResourceType(
            "LayerName", "version", {"Arn": "version"}, ArnShape("layer:", ":")
        ),
    },
    raising=frozenset({"invoke", "invoke_async"}),
    answers={"invoke": "Payload"},
    actions={"invoke_async": "InvokeFunction", "invoke_with_response_stream": "InvokeFunction"},
    delivering="lambda:InvokeFunction",
    implies=("iam", "s3"),
    target=True,
    triggers=(TriggerFacts("url", "public"),),
)
