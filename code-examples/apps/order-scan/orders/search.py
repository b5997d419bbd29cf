"""Search a customer's orders; the page sends the condition it has put together."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    wanted = json.loads(event["body"])
    condition = "customer = :customer AND " + wanted["condition"]
    values = {":customer": wanted["customer"], ":value": wanted["value"]}
    found = table.scan(FilterExpression=condition, ExpressionAttributeValues=values)
    return {"statusCode": 200, "body": json.dumps(found["Items"], default=str)}
