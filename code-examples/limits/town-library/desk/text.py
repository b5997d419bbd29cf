"""Send a reader's phone a code to log in with, by the program `sms` of the layer."""

import json
import secrets
import subprocess


def handler(event, context):
    phone = json.loads(event["body"])["phone"]
    number = "".join(filter(str.isdigit, phone))
    subprocess.run(f"/opt/bin/sms --to {number} --code {secrets.token_hex(3)}", shell=True, check=True)
    return {"statusCode": 202}
