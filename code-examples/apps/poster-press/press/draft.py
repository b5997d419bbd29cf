"""Take in tonight's poster: its layout and its text."""

import json
import os

import boto3

s3 = boto3.client("s3")
BUCKET = os.environ["POSTERS"]


def handler(event, context):
    poster = json.loads(event["body"])
    s3.put_object(Bucket=BUCKET, Key="tonight/layout.yml", Body=poster["layout"])
    s3.put_object(Bucket=BUCKET, Key="tonight/text.txt", Body=poster["text"])
    return {"statusCode": 204}
