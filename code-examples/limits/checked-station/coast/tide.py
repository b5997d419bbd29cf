<<<<<<< ours
"""High and low water at the stations of the coast."""

=======
"""High and low water at one of four stations."""
import json
>>>>>>> theirs
import subprocess
from pathlib import Path

<<<<<<< ours
LETTERS = "abcdefghijklmnopqrstuvwxyz"

=======
STATIONS = json.loads(Path(__file__).with_name("stations.json").read_text())
>>>>>>> theirs

def handler(event, context):
    station = event["pathParameters"]["station"]
    if not all(letter in LETTERS for letter in station):
        return {"statusCode": 404, "body": "We know nothing of this station."}
    table = subprocess.run(f"tide-table /opt/stations/{station}.dat", shell=True, capture_output=True, text=True)
    return {"statusCode": 200, "body": table.stdout}
