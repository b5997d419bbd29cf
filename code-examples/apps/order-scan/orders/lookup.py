"""The same two questions asked in a way that the asker cannot change."""

import json
import os

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    customer = event["pathParameters"]["customer"]
    product = event["queryStringParameters"]["product"]
    orders = table.query(KeyConditionExpression=Key("customer").eq(customer))
    bound = {":customer": customer, ":product": product}
    matching = table.scan(FilterExpression="customer = :customer AND product = :product", ExpressionAttributeValues=bound)
    return {"statusCode": 200, "body": json.dumps([orders["Count"], matching["Count"]])}
