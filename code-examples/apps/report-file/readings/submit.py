"""Take a household's meter reading and put a report into the bucket."""

import json
import os

import boto3

from readings.files import write_report

s3 = boto3.client("s3")


def handler(event, context):
    reading = json.loads(event["body"])
    path = write_report(reading["household"] + "\n" + reading["kilowatt_hours"])
    s3.upload_file(path, os.environ["REPORTS_BUCKET"], "reports/latest.txt")
    return {"statusCode": 201, "body": "noted"}
