"""Amazon SQS.

Sources: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
"""

from __future__ import annotations

from sls_lab.aws.model import ResourceType, Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="sqs",
    types={"AWS::SQS::Queue": ResourceType("QueueName", "url", {"QueueName": "name", "QueueUrl": "url"})},
    raising=frozenset({"send_message", "send_message_batch"}),
    actions={
        "send_message_batch": "SendMessage",
        "delete_message_batch": "DeleteMessage",
        "change_message_visibility_batch": "ChangeMessageVisibility",
    },
    methods={("Queue", "send_messages"): "send_message"},
    delivering="sqs:SendMessage",
    target=True,
    routes=(
        Route(
            "AWS::SQS::Queue",
            "sqs",
            (Target("RedrivePolicy.deadLetterTargetArn", "sqs"),),
            source="",
            settings={"deadLetter": "RedrivePolicy.maxReceiveCount"},
        ),
    ),
    triggers=(TriggerFacts("sqs", polled=True, raised=True, sam_policy={"SQS": "AWSLambdaSQSQueueExecutionRole"}),),
)
