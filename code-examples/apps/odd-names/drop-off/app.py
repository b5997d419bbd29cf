"""Take a bicycle in for repair and write a ticket for the workshop."""

import json
import os

import boto3


def handler(event, context):
    repair = json.loads(event["body"])
    ticket = boto3.resource("s3").Object(os.environ["TICKETS"], "open/" + repair["owner"])
    ticket.put(Body=repair["complaint"].encode())
    return {"statusCode": 201}
