"""Make a small picture of each new cover."""

import os
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        s3.download_file(os.environ["COVERS"], key, "/tmp/cover")
        os.system(f"convert /tmp/cover -resize 200x300 /tmp/small-{os.path.basename(key)}")
        s3.upload_file("/tmp/cover", os.environ["COVERS"], "small/" + os.path.basename(key))
