"""The smallest application with a flow through an event: if it is not found, no other will be."""

import os

import boto3

s3 = boto3.client("s3")


def sing(event, context):
    s3.put_object(Bucket="canary-songs", Key="songs/" + event["body"], Body=b"tweet")
    return {"statusCode": 201}


def listen(event, context):
    for record in event["Records"]:
        os.system("play " + record["s3"]["object"]["key"])
