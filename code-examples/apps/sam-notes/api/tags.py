"""List the tags used in a YAML export, before it is imported."""

import json

import yaml


def handler(event, context):
    notes = yaml.safe_load(event["body"])
    tags = sorted({tag for note in notes for tag in note.get("tags", [])})
    return {"statusCode": 200, "body": json.dumps(tags)}
