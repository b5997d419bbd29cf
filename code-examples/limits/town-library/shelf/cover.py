"""Take the picture of a book's cover."""

import base64
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    key = "covers/" + event["pathParameters"]["name"]
    s3.put_object(Bucket=os.environ["COVERS"], Key=key, Body=base64.b64decode(event["body"]))
    return {"statusCode": 202}
