"""Choose how bright the lamp is, in candela."""

import boto3

ssm = boto3.client("ssm")


def handler(event, context):
    candela = str(int(event["body"]))
    ssm.put_parameter(Name="/lighthouse/brightness", Value=candela, Type="String", Overwrite=True)
    return {"statusCode": 204}
