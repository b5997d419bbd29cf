"""Print tickets at the box office."""

import json
import subprocess


def handler(event, context):
    if "Records" in event:
        tickets = [json.loads(record["body"]) for record in event["Records"]]
    else:
        tickets = [json.loads(event["body"])]
    for ticket in tickets:
        layout = f"ticket-layout --row {ticket['row']} --seat {ticket['seat']}"
        subprocess.run(f"{layout} | lp -d box-office", shell=True, check=True)
    return {"statusCode": 200, "body": "printed"}
