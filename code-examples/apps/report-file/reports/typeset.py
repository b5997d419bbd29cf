"""Typeset the first line of every new report as a banner for the printer."""

import os
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        local = "/tmp/report.txt"
        s3.download_file(bucket, key, local)
        with open(local) as report:
            heading = report.readline()
        os.system(f"banner '{heading}' | lpr")
