"""Remind readers of what is due, by the program `letter`."""

import json
import subprocess


def handler(event, context):
    for record in event["Records"]:
        loan = json.loads(record["body"])
        subprocess.run(["/opt/bin/letter", "--to", loan["reader"], "--book", str(loan["book"])], check=True)
