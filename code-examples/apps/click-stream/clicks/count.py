"""Counts the clicks of each delivered file."""

import os
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
        s3.download_file(bucket, key, "/tmp/clicks")
        os.system(f"wc -l /tmp/clicks >> /tmp/{os.path.basename(key)}.count")
