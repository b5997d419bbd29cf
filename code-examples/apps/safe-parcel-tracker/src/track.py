"""Ask the carrier where a parcel is; what it does not know is asked again later."""

import json
import os
import urllib.error
import urllib.request

import boto3

CARRIER = "https://carrier.example/parcels/"
KEY = os.environ["CARRIER_KEY"]

queue = boto3.client("sqs")


def handler(event, context):
    number = int(event["pathParameters"]["number"])
    headers = {"Authorization": f"Bearer {KEY}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{CARRIER}{number}", headers=headers), timeout=5) as answer:
            return {"statusCode": 200, "body": answer.read().decode()}
    except urllib.error.HTTPError as error:
        print("the carrier refused", number, error.code)
        queue.send_message(QueueUrl=os.environ["RETRIES"], MessageBody=json.dumps({"number": number}))
        return {"statusCode": 202, "body": "we ask again"}
