"""Print the catalogue for the counter, every night."""

import os
import subprocess

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=os.environ["PICTURES"]):
        for picture in page["Contents"]:
            subprocess.run("lp -t 'Found: " + picture["Key"] + "' blank.pdf", shell=True, check=True)
