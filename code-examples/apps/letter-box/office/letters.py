"""Prints each complaint on the office's printer."""

import json
import subprocess


def handler(event, context):
    for record in event["Records"]:
        letter = json.loads(record["body"])
        subprocess.run(f"lp -t 'Complaint of {letter['sender']}' /opt/forms/complaint.pdf", shell=True, check=True)
