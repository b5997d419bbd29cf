"""Somebody has found their umbrella: its picture can go."""

import json
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    picture = json.loads(event["body"])["picture"]
    s3.delete_object(Bucket=os.environ["PICTURES"], Key=picture)
    return {"statusCode": 204}
