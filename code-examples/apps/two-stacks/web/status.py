"""Say that the web side is there."""


def handler(event, context):
    return {"statusCode": 200, "body": "up"}
