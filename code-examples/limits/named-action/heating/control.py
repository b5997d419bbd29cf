"""Control the boiler: each action is a function of this module, called by its name."""

import json
import os
import sys


def heat(body):
    return f"heating to {float(body['degrees'])}"


def log(body):
    os.system("logger -t boiler '" + body["text"] + "'")
    return "logged"


def handler(event, context):
    action = event["pathParameters"]["action"]
    if action not in ("heat", "log"):
        return {"statusCode": 404}
    function = getattr(sys.modules[__name__], action)
    return {"statusCode": 200, "body": function(json.loads(event["body"]))}
