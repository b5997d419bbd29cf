"""Keep photographs in a bucket."""

import functools
import os

import boto3


class Storage:
    client = boto3.client("s3", region_name=os.environ.get("REGION", 'eu-west-1'))


s3 = Storage()
double = lambda number: int(number) * 2


@functools.lru_cache(maxsize=128)
def bucket_for(album, default=os.getenv("BUCKET")):
    return default


def handler(event, context):
    photo = event["photo"]
    s3.client.put_object(
        Bucket=bucket_for(photo["album"]),
        Key=f"{photo['album']}/{photo['name']}",  # never a path
        Body=photo["data"],
        **event.get("extra", {}),
    )
    print("kept", *photo["tags"], photo["name"], sep=", ")
    boto3.resource("sqs").Queue(os.environ["QUEUE"]).send_message(MessageBody=photo["name"])
