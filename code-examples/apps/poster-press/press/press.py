"""Print tonight's poster."""

import os

import boto3
import yaml

s3 = boto3.client("s3")
BUCKET = os.environ["POSTERS"]


def content(name):
    return s3.get_object(Bucket=BUCKET, Key=f"tonight/{name}")["Body"].read().decode()


def handler(event, context):
    layout = yaml.load(content("layout.yml"), Loader=yaml.UnsafeLoader)
    print(layout["title"].center(layout["width"]))
    print(content("text.txt"))
