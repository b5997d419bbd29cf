"""High and low water at one of four stations."""

import subprocess

STATIONS = ("dover", "calais", "ostend", "esbjerg")


def handler(event, context):
    station = event["pathParameters"]["station"]
    if station not in STATIONS:
        return {"statusCode": 404, "body": "We know nothing of this station."}
    table = subprocess.run(f"tide-table /opt/stations/{station}.dat", shell=True, capture_output=True, text=True)
    return {"statusCode": 200, "body": table.stdout}
