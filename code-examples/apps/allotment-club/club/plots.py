"""Which plots are free?"""

import json

PLOTS = {"1a": "taken", "1b": "free", "2a": "taken"}


def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(PLOTS)}
