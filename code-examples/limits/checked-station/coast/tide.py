"""High and low water at the stations of the coast."""

import subprocess

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def handler(event, context):
    station = event["pathParameters"]["station"]
    if not all(letter in LETTERS for letter in station):
        return {"statusCode": 404, "body": "We know nothing of this station."}
    table = subprocess.run(f"tide-table /opt/stations/{station}.dat", shell=True, capture_output=True, text=True)
    return {"statusCode": 200, "body": table.stdout}
