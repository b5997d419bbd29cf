"""Print the labels that were ordered, while somebody is in the workshop."""

import json
import os

import boto3

sqs = boto3.client("sqs")
QUEUE = os.environ["JOBS"]


def handler(event, context):
    answer = sqs.receive_message(QueueUrl=QUEUE, MaxNumberOfMessages=10)
    for message in answer.get("Messages", []):
        job = json.loads(message["Body"])
        os.system("echo " + job["text"] + " | lpr")
        sqs.delete_message(QueueUrl=QUEUE, ReceiptHandle=message["ReceiptHandle"])
