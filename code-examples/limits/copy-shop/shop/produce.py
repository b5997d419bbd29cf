"""Print the label of each order, and how much paper a poster takes."""

import json
import os


def handler(event, context):
    for record in event["Records"]:
        job = json.loads(record["body"])
        name = job["name"].replace("'", "'\\''")
        os.system(f"print-label --for '{name}'")
        if job["paper"] == "poster":
            print("square metres:", eval(job["size"]))
