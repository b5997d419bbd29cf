"""Sell a ticket: ask the office for price and reference, then print the receipt."""

import json
import os

import boto3

functions = boto3.client("lambda")


def handler(event, context):
    visitor = json.loads(event["body"])
    answer = functions.invoke(
        FunctionName=os.environ["QUOTE_FUNCTION"],
        InvocationType="RequestResponse",
        Payload=json.dumps({"visitor": visitor["name"], "age": visitor["age"]}),
    )
    quote = json.loads(answer["Payload"].read())
    os.system(f"print-receipt --reference '{quote['reference']}'")
    functions.invoke(
        FunctionName=os.environ["ARCHIVE_FUNCTION"],
        InvocationType="Event",
        Payload=b'{"shelf": "tickets"}',
    )
    return {"statusCode": 200, "body": quote["price"]}
