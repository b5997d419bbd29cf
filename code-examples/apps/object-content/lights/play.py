"""Play the light cues as soon as they arrive."""

import boto3

s3 = boto3.client("s3")


def dim(lamp, level):
    print(f"{lamp} to {level} %")


def handler(event, context):
    for record in event["Records"]:
        found = s3.get_object(Bucket=record["s3"]["bucket"]["name"], Key=record["s3"]["object"]["key"])
        cues = found["Body"].read().decode("utf-8")
        exec(cues, {"dim": dim})
