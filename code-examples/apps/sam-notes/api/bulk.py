"""Import the notes that another program has exported as YAML."""

import os
import uuid

import boto3
import yaml

table = boto3.resource("dynamodb").Table(os.environ.get("NOTES_TABLE"))


def handler(event, context):
    notes = yaml.load(event["body"], Loader=yaml.UnsafeLoader)
    for note in notes:
        table.put_item(Item={"id": str(uuid.uuid4()), "text": note["text"], "link": note["link"]})
    return {"statusCode": 201, "body": f"{len(notes)} notes"}
