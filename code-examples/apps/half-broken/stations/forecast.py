"""Ask the model for a forecast; saved in the middle of an edit."""

import json
import os


def handler(event, context):
    place = json.loads(event["body"]["place"]
    os.system(f"forecast --place {place}")
    return {"statusCode": 200}
