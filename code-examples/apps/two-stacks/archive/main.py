"""Unpack each queued invoice and note its total."""

import base64
import pickle


def handler(event, context):
    for record in event["Records"]:
        invoice = pickle.loads(base64.b64decode(record["body"]))
        print(invoice["number"], invoice["total"])
