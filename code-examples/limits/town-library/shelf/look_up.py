"""Look up a book that a reader wishes for."""

import json
import urllib.request


def handler(event, context):
    for record in event["Records"]:
        wish = json.loads(record["body"])
        with urllib.request.urlopen(wish["link"], timeout=10) as page:
            print(len(page.read()), "bytes about the wish")
