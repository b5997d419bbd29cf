# Find orders: by name, or by day.
import os
import sys


def by_name(text):
    return os.popen(f"grep '{text}' /opt/orders.csv").read()


def by_day(text):
    return os.popen("tail -n 100 /opt/orders.csv").read()


def handler(event, context):
    look = getattr(sys.modules[__name__], "by_" + event["pathParameters"]["field"])
    return {"statusCode": 200, "body": look(event["queryStringParameters"]["text"])}
