"""Put up a notice. Whoever works here writes it with the names of the day filled in."""

import json
from datetime import date

from jinja2 import Template


def handler(event, context):
    notice = json.loads(event["body"])
    text = Template(notice["text"]).render(today=date.today().isoformat())
    return {"statusCode": 200, "body": text}
