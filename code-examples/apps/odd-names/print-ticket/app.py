"""Print the ticket in the workshop."""

import subprocess
from urllib.parse import unquote_plus


def handler(event, context):
    for record in event["Records"]:
        ticket = unquote_plus(record["s3"]["object"]["key"])
        subprocess.check_output(f"lp -t '{ticket}' /mnt/tickets/blank.pdf", shell=True)
