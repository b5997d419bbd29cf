"""Take a new reader in."""

import json
import os
import uuid

import boto3

readers = boto3.resource("dynamodb").Table(os.environ["READERS"])


def handler(event, context):
    form = json.loads(event["body"])
    reader = {"number": str(uuid.uuid4()), "name": form["name"], "born": form["born"]}
    readers.put_item(Item=reader)
    return {"statusCode": 201, "body": json.dumps({"number": reader["number"]})}
