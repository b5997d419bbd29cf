"""Take an order for bread, and confirm it to whom it came from."""

import json

import boto3

ses = boto3.client("ses")


def handler(event, context):
    order = json.loads(event["body"])
    text = f"Dear {order['name']}, your {order['bread']} will be ready at {order['hour']}."
    ses.send_email(
        Source="orders@bakery.example",
        Destination={"ToAddresses": [order["address"]]},
        Message={"Subject": {"Data": "Your order"}, "Body": {"Text": {"Data": text}}},
    )
    return {"statusCode": 202}
