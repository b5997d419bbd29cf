"""Announce a parcel: it needs a label, and the addressee a notice."""

import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    parcel = event["body"]
    sqs.send_message(QueueUrl=os.environ["LABEL_QUEUE"], MessageBody=parcel)
    sqs.send_message(QueueUrl=os.environ["NOTICE_QUEUE"], MessageBody=parcel)
    return {"statusCode": 202}
