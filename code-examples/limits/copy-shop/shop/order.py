"""Take an order at the counter's website and queue it."""

import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    order = json.loads(event["body"])
    job = {"name": order["name"], "paper": order["paper"], "size": order.get("size", "")}
    sqs.send_message(QueueUrl=os.environ["JOBS"], MessageBody=json.dumps(job))
    return {"statusCode": 202, "body": "ready in an hour"}
