"""Correct the latest reading with a note."""

import json
import os

import boto3

from readings.files import append_note

s3 = boto3.client("s3")


def handler(event, context):
    correction = json.loads(event["body"])
    path = "/tmp/amended.txt"
    append_note(path, correction["note"])
    s3.upload_file(Filename=path, Bucket=os.environ["REPORTS_BUCKET"], Key="reports/amended.txt")
    return {"statusCode": 200, "body": "corrected"}
