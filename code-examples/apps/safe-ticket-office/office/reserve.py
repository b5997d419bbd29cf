"""Reserve a seat for a visitor, and have it paid."""

import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    wish = json.loads(event["body"])
    order = {"row": int(wish["row"]), "seat": int(wish["seat"]), "card": wish["card"]}
    sqs.send_message(QueueUrl=os.environ["CHARGE_QUEUE"], MessageBody=json.dumps(order))
    return {"statusCode": 202, "body": "Your ticket is printed once it is paid."}
