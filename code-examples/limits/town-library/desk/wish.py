"""A reader wishes for a book, with a link to where it is described."""

import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    wish = json.loads(event["body"])
    sqs.send_message(QueueUrl=os.environ["WISHES"], MessageBody=json.dumps({"link": wish["link"], "why": wish["why"]}))
    return {"statusCode": 202}
