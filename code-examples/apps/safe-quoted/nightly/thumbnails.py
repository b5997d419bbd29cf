"""Make a small version of every picture that stallholders have uploaded."""

import os
import shlex

import boto3

s3 = boto3.client("s3")
PICTURES = os.environ["PICTURES"]


def shrink(event, context):
    listing = s3.list_objects_v2(Bucket=PICTURES, Prefix="stalls/")
    for number, entry in enumerate(listing.get("Contents", [])):
        picture = shlex.quote(f"s3://{PICTURES}/{entry['Key']}")
        source = f"aws s3 cp {picture} -"
        os.system(f"{source} | convert - -resize 200x200 /tmp/thumbnail.png")
        s3.upload_file("/tmp/thumbnail.png", PICTURES, f"thumbnails/{number}.png")
