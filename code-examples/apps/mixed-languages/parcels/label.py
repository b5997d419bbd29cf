"""Print the label of a parcel."""

import json
import os


def handler(event, context):
    for record in event["Records"]:
        parcel = json.loads(record["body"])
        os.popen("print-label --to '" + parcel["address"] + "'")
