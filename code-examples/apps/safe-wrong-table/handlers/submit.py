"""Take a rehearsal recording from a member of the choir and queue it."""

import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    recording = json.loads(event["body"])
    if len(recording["audio"]) > 180_000:
        return {"statusCode": 413, "body": "the recording is too long"}
    sqs.send_message(
        QueueUrl=os.environ["QUEUE_URL"],
        MessageBody=json.dumps({"title": recording["title"], "audio": recording["audio"]}),
    )
    return {"statusCode": 202, "body": "thank you for singing"}
