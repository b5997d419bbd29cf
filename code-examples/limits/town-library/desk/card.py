"""Print the card of a reader, as a picture made by the program `card`."""

import base64
import subprocess
import uuid


def handler(event, context):
    number = uuid.UUID(event["pathParameters"]["number"])
    title = event["queryStringParameters"].get("title", "reader")
    picture = subprocess.run(
        f"/opt/bin/card --number {number} --title '{title}'", shell=True, capture_output=True, check=True
    )
    return {"statusCode": 200, "isBase64Encoded": True, "body": base64.b64encode(picture.stdout).decode()}
