"""The marks of one pupil."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["MARKS_TABLE"])


def handler(event, context):
    item = table.get_item(Key={"pupil": event["pathParameters"]["pupil"]}).get("Item", {})
    return {"statusCode": 200, "body": json.dumps(item, default=str)}
