"""Draw a bar code for every new packet."""

import os


def handler(event, context):
    for record in event["Records"]:
        packet = record["dynamodb"]["NewImage"]
        code = packet["code"]["S"]
        os.system(f"zint --barcode=20 --output=/tmp/label.png --data='{code}'")
