"""Tell a guest the code of the front door."""

import boto3

secrets = boto3.client("secretsmanager")
FLATS = {"dune": "flats/dune", "harbour": "flats/harbour"}


def handler(event, context):
    name = FLATS.get(event["pathParameters"]["flat"])
    if name is None:
        return {"statusCode": 404, "body": "We have no such flat."}
    code = secrets.get_secret_value(SecretId=name)["SecretString"]
    print("told a code")
    return {"statusCode": 200, "body": f"The code is {code}. Welcome!"}
