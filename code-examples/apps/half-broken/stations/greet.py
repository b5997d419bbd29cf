"""Greet the volunteers; saved by an editor that wrote Latin-1."""

import os


def handler(event, context):
    os.system("say ¿qué tal, " + event["body"])
    return {"statusCode": 200}
