"""Put a stamp on each new postcard."""

import os
import tempfile
from urllib.parse import unquote_plus

import boto3
from PIL import Image

s3 = boto3.client("s3")
BUCKET = os.environ["BUCKET"]


def handler(event, context):
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        address = key.split("/", 1)[1]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, address)
            with open(path, "wb") as file:
                s3.download_fileobj(BUCKET, key, file)
            with Image.open(path) as card:
                card.paste((200, 30, 30), (0, 0, 80, 100))
                card.save(path, format="PNG")
            s3.upload_file(path, BUCKET, "stamped/" + address)
