"""Say whether a repair is worth its price; here the same question is asked without `eval`."""

import json


def handler(event, context):
    parts, labour = event["queryStringParameters"]["price"].split("+")
    worth = float(parts) + float(labour) < 200
    return {"statusCode": 200, "body": json.dumps({"worth": worth})}
