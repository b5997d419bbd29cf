"""Amazon SES."""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="ses",
    arn=ArnShape("identity/"),
    types={"AWS::SES::EmailIdentity": ResourceType("EmailIdentity")},
    triggers=(TriggerFacts("ses", "public", asynchronous=True, principal=("ses.amazonaws.com",)),),
    routes=(
        Route(
            "AWS::SES::ReceiptRule",
            "ses",
            (
                Target("Rule.Actions[].LambdaAction.FunctionArn", "lambda"),
                Target("Rule.Actions[].S3Action.BucketName", "s3"),
                Target("Rule.Actions[].SNSAction.TopicArn", "sns"),
            ),
        ),
    ),
)
