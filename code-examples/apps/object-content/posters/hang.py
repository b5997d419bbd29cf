"""Tell the screen in the foyer which poster to show."""

import os


def handler(event, context):
    for record in event["Records"]:
        poster = record["s3"]["object"]["key"]
        os.system(f"foyer-screen show {poster}")
