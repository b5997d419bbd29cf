"""Bring every catalogued recording to the same loudness."""

import os

BUCKET = os.environ["BUCKET"]


def handler(event, context):
    for record in event["Records"]:
        if record["eventName"] != "INSERT":
            continue
        recording = record["dynamodb"]["NewImage"]["recording"]["S"]
        name = recording.removeprefix("incoming/").removesuffix(".wav")
        source = f"aws s3 cp 's3://{BUCKET}/{recording}' -"
        target = f"aws s3 cp - 's3://{BUCKET}/normalised/{name}.flac'"
        os.system(f"{source} | sox -t wav - -t flac - norm | {target}")
