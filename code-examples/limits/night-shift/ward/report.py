"""A nurse reports something to the next shift."""

import json
import os

import redis

reports = redis.Redis(os.environ["CACHE_HOST"])


def handler(event, context):
    reports.rpush("night-shift", json.loads(event["body"])["text"])
    return {"statusCode": 202, "body": "Good night."}
