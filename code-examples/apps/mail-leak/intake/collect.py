"""Keep the form that a patient fills in before the first visit."""

import json
import os
from datetime import date

import boto3

s3 = boto3.client("s3")
FORMS = os.environ["FORMS_BUCKET"]


def handler(event, context):
    form = json.loads(event["body"])
    key = "forms/{}/{}-{}.json".format(date.today(), form["surname"], form["complaint"])
    s3.put_object(Bucket=FORMS, Key=key, Body=event["body"].encode())
    return {"statusCode": 201, "body": "See you soon."}
