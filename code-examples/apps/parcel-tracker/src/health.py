"""Is everything there that this application needs?"""

import json

import boto3

parameters = boto3.client("ssm")


def handler(event, context):
    signing = parameters.get_parameter(Name="/parcels/signing-key", WithDecryption=True)["Parameter"]["Value"]
    region = parameters.get_parameter(Name="/parcels/region")["Parameter"]["Value"]
    return {"statusCode": 200, "body": json.dumps({"region": region, "key": signing})}
