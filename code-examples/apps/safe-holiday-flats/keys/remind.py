"""Remind the cleaners by a text message, every morning."""

import json
import os
import urllib.request

GATEWAY = "https://sms.example/send"
API_KEY = os.environ["API_KEY"]


def handler(event, context):
    message = json.dumps({"to": "cleaners", "text": "Please change the codes.", "token": os.environ["SMS_TOKEN"]})
    request = urllib.request.Request(GATEWAY, message.encode(), {"X-Api-Key": API_KEY})
    with urllib.request.urlopen(request, timeout=10) as answer:
        print(answer.status)
