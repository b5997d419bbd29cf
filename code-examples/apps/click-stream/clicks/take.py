"""Takes what a page reports and leaves it to the stream."""

import json
import os

import boto3

firehose = boto3.client("firehose")


def handler(event, context):
    click = json.loads(event["body"])
    record = {"page": click["page"], "visitor": click["visitor"]}
    firehose.put_record(
        DeliveryStreamName=os.environ["CLICK_STREAM"],
        Record={"Data": json.dumps(record).encode()},
    )
    return {"statusCode": 204}
