"""List the orders of a customer that compare in a given way; written before there were expressions."""

import json
import os

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    wanted = json.loads(event["body"])
    conditions = {
        "customer": {
            "AttributeValueList": [{"S": wanted["customer"]}],
            "ComparisonOperator": wanted["operator"],
        }
    }
    found = dynamodb.scan(TableName=os.environ["ORDERS_TABLE"], ScanFilter=conditions)
    return {"statusCode": 200, "body": json.dumps(found["Items"])}
