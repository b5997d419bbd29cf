"""A listener suggests a playlist, written in YAML."""

import json
import os
import uuid

import boto3
import yaml
from radio_formats import normalise

s3 = boto3.client("s3")


def handler(event, context):
    playlist = yaml.load(event["body"], Loader=yaml.Loader)
    songs = [normalise(song) for song in playlist["songs"]]
    s3.put_object(Bucket=os.environ["PLAYLISTS"], Key=f"{uuid.uuid4()}.json", Body=json.dumps(songs))
    return {"statusCode": 202, "body": "Thank you, listener."}
