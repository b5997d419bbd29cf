"""Take an invoice and queue it for the archive."""

import os

import boto3

sqs = boto3.resource("sqs")


def handler(event, context):
    queue = sqs.get_queue_by_name(QueueName=os.environ["QUEUE_NAME"])
    queue.send_message(MessageBody=event["body"])
    return {"statusCode": 202}
