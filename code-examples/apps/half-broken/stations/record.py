"""Record one reading of a station; both values are numbers before they reach the command."""

import json
import os


def handler(event, context):
    reading = json.loads(event["body"])
    station = int(reading["station"])
    degrees = float(reading["degrees"])
    os.system(f"rrdtool update /mnt/stations/{station}.rrd N:{degrees:.1f}")
    return {"statusCode": 204}
