"""Keeps a note of each letter that could not be printed."""


def handler(event, context):
    for record in event["Records"]:
        print("a letter could not be printed:", record["messageId"])
