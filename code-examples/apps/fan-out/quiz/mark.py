"""Mark an attempt at an arithmetic question: `(3 + 4) * 6` is as good an answer as `42`."""

import json

SOLUTIONS = {"life": 42, "dozen": 12, "score": 20}


def handler(event, context):
    for record in event["Records"]:
        notification = json.loads(record["body"])
        attempt = json.loads(notification["Message"])
        value = eval(attempt["answer"])
        print(attempt["team"], "right" if value == SOLUTIONS.get(attempt["question"]) else "wrong")
