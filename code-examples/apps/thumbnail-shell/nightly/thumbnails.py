"""Make a small version of every picture that stallholders have uploaded."""

import os

import boto3

s3 = boto3.client("s3")
PICTURES = os.environ["PICTURES"]


def shrink(event, context):
    listing = s3.list_objects_v2(Bucket=PICTURES, Prefix="stalls/")
    for number, entry in enumerate(listing.get("Contents", [])):
        picture = entry["Key"]
        source = f"aws s3 cp s3://{PICTURES}/{picture} -"
        os.system(f"{source} | convert - -resize 200x200 /tmp/thumbnail.png")
        s3.upload_file("/tmp/thumbnail.png", PICTURES, f"thumbnails/{number}.png")
