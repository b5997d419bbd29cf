"""Take an order and announce it to whom it may concern."""

import json
import os

import boto3

events = boto3.client("events")


def handler(event, context):
    order = json.loads(event["body"])
    entry = {
        "EventBusName": os.environ["BUS_NAME"],
        "Source": "flower-shop.web",
        "DetailType": "OrderPlaced",
        "Detail": json.dumps(order),
    }
    events.put_events(Entries=[entry])
    return {"statusCode": 202, "body": "Your flowers are on their way."}
