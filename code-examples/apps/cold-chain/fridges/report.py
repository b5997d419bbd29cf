"""Reports of the fridges without a network of their own: a driver sends them by hand."""

import json

import boto3

messages = boto3.client("iot-data")


def handler(event, context):
    given = json.loads(event["body"])
    messages.publish(
        topic=f"fridges/{event['pathParameters']['fridge']}/reports",
        qos=1,
        payload=json.dumps({"note": given["note"], "celsius": float(given["celsius"])}),
    )
    return {"statusCode": 202}
