"""Save one note."""

import json
import os
import uuid

import boto3

table = boto3.resource("dynamodb").Table(os.environ["NOTES_TABLE"])


def handler(event, context):
    note = json.loads(event["body"])
    table.put_item(Item={"id": str(uuid.uuid4()), "text": note["text"], "link": note["link"]})
    return {"statusCode": 201}
