"""Take a postcard's picture."""

import base64
import json
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    card = json.loads(event["body"])
    s3.put_object(
        Bucket=os.environ["BUCKET"],
        Key="cards/" + card["to"],
        Body=base64.b64decode(card["picture"]),
    )
    return {"statusCode": 202, "body": "It is on its way."}
