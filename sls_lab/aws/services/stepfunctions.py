"""AWS Step Functions.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html (what it announces).
An execution's ARN (`execution:MACHINE:id`, `express:MACHINE:id:id`) names its machine in the same place.
"""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts

FACTS = ServiceFacts(
    client="stepfunctions",
    arn_service="states",
    arn=ArnShape("stateMachine:", ":", also=("execution:", "express:")),
    types={
        "AWS::StepFunctions::StateMachine": ResourceType("StateMachineName", "arn", {"Name": "name"}),
        "AWS::Serverless::StateMachine": ResourceType("Name", "arn", {"Name": "name"}),
    },
    raising=frozenset({"start_execution", "start_sync_execution"}),
    answers={"start_sync_execution": "output"},
    implies=("iam",),
    target=True,
    announces="aws.states",
)
