"""Put each queued recording into the bucket, named after its title."""

import base64
import json
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        recording = json.loads(record["body"])
        s3.put_object(
            Bucket=os.environ["BUCKET"],
            Key=f"incoming/{recording['title']}.wav",
            Body=base64.b64decode(recording["audio"]),
        )
