"""Work out the ratio of a gear, which the page writes as teeth over teeth."""

import json


def handler(event, context):
    ratio = eval(event["queryStringParameters"]["gear"])
    return {"statusCode": 200, "body": json.dumps({"ratio": ratio})}
