"""Lend a book, and have the reader reminded when it is due."""

import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    loan = json.loads(event["body"])
    message = {"book": int(loan["book"]), "reader": loan["reader"], "days": int(loan.get("days", 28))}
    sqs.send_message(QueueUrl=os.environ["LOANS"], MessageBody=json.dumps(message))
    return {"statusCode": 202}
