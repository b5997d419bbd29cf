"""Enter each new recording in the list of what came in."""

import os
import uuid
from urllib.parse import unquote_plus

import boto3

table = boto3.resource("dynamodb").Table(os.environ["INTAKE_TABLE"])


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
