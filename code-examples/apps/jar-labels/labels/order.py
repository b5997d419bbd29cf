"""Order a label for a jar."""

import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    label = json.loads(event["body"])
    sqs.send_message(QueueUrl=os.environ["JOBS"], MessageBody=json.dumps({"text": label["text"], "copies": 1}))
    return {"statusCode": 202}
