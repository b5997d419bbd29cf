"""Empty the table at the end of the school year."""

import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["MARKS_TABLE"])


def handler(event, context):
    for item in table.scan()["Items"]:
        table.delete_item(Key={"pupil": item["pupil"]})
