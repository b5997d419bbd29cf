"""Fetch the title of the page that a new note links to."""

import re
import urllib.request


def handler(event, context):
    for record in event["Records"]:
        if record["eventName"] != "INSERT":
            continue
        note = record["dynamodb"]["NewImage"]
        with urllib.request.urlopen(note["link"]["S"], timeout=3) as page:
            title = re.search(rb"<title>(.*?)</title>", page.read(4096))
        print(note["id"]["S"], title.group(1) if title else None)
