"""The first version of the interface: marks that fulfil a condition such as `mark < 3`."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["MARKS_TABLE"])


def handler(event, context):
    condition = event["queryStringParameters"]["where"]
    kept = []
    for item in table.scan()["Items"]:
        if eval(condition, {"mark": item["mark"], "subject": item["subject"]}):
            kept.append(item)
    return {"statusCode": 200, "body": json.dumps(kept, default=str)}
