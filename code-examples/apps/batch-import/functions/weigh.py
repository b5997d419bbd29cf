"""Add up the weights and show them on the scales in the hall."""

import base64
import json
import os


def handler(event, context):
    total = 0
    for record in event["Records"]:
        weight = json.loads(base64.b64decode(record["kinesis"]["data"]))
        total += int(weight["grams"])
    os.system(f"scales-display --grams {total}")
