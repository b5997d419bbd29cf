"""Tell a guest the code of the front door."""

import boto3

secrets = boto3.client("secretsmanager")


def handler(event, context):
    print("asked for a code:", event)
    secret = secrets.get_secret_value(SecretId="flats/" + event["pathParameters"]["flat"])
    code = secret["SecretString"]
    print(f"told {secret}")
    return {"statusCode": 200, "body": f"The code is {code}. Welcome!"}
