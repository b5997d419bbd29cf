"""AWS IoT Core: its message broker and its topic rules.

All messages of an account and region pass one broker; topics are not resources that a template declares.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-iot-topicrule-action.html
"""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="iot-data",
    arn_service="iot",
    arn=ArnShape("topic/"),
    shared="message broker",
    types={"AWS::IoT::TopicRule": ResourceType("RuleName", arn=ArnShape("rule/"))},
    raising=frozenset({"publish"}),
    triggers=(
        TriggerFacts(
            "iot",
            "public",
            asynchronous=True,
            raised=True,
            sam=("IoTRule",),
            settings={"sql": "Sql"},
            principal=("iot.amazonaws.com",),
            names_source=False,
        ),
        TriggerFacts("iotFleetProvisioning", "public"),
    ),
    routes=(
        Route(
            "AWS::IoT::TopicRule",
            "iot",
            (
                Target("TopicRulePayload.Actions[].Lambda.FunctionArn", "lambda"),
                Target("TopicRulePayload.Actions[].Sqs.QueueUrl", "sqs"),
                Target("TopicRulePayload.Actions[].Sns.TargetArn", "sns"),
                Target("TopicRulePayload.Actions[].Kinesis.StreamName", "kinesis"),
                Target("TopicRulePayload.Actions[].Firehose.DeliveryStreamName", "firehose"),
                Target("TopicRulePayload.Actions[].DynamoDBv2.PutItem.TableName", "dynamodb"),
                Target("TopicRulePayload.Actions[].StepFunctions.StateMachineName", "stepfunctions"),
                Target("TopicRulePayload.Actions[].S3.BucketName", "s3"),
            ),
            source="",
            settings={"sql": "TopicRulePayload.Sql"},
            off=("TopicRulePayload.RuleDisabled", "true"),
        ),
    ),
)
