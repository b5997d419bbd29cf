"""Take tonight's light cues (a short script) and the poster from the director."""

import json
import os

import boto3

bucket = boto3.resource("s3").Bucket(os.environ["THEATRE_BUCKET"])


def handler(event, context):
    rehearsal = json.loads(event["body"])
    bucket.put_object(Key="cues/tonight.py", Body=rehearsal["cues"].encode())
    bucket.put_object(Key="posters/tonight.svg", Body=rehearsal["poster"].encode())
    return {"statusCode": 204}
