"""The recording that goes with an exhibit."""

import base64
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    number = int(event["pathParameters"]["number"])
    sound = s3.get_object(Bucket=os.environ["SOUNDS"], Key=f"exhibits/{number}.mp3")["Body"].read()
    return {"statusCode": 200, "isBase64Encoded": True, "body": base64.b64encode(sound).decode()}
