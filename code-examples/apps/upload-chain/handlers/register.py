"""Enter each new recording in the catalogue."""

import os
import uuid
from urllib.parse import unquote_plus

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    for record in event["Records"]:
        uploaded = record["s3"]["object"]
        table.put_item(
            Item={
                "id": str(uuid.uuid4()),
                "recording": unquote_plus(uploaded["key"]),
                "size": uploaded["size"],
            }
        )
