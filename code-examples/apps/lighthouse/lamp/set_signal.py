"""Choose the signal that the lamp gives tonight."""

import boto3

ssm = boto3.client("ssm")


def handler(event, context):
    ssm.put_parameter(Name="/lighthouse/signal", Value=event["body"], Type="String", Overwrite=True)
    return {"statusCode": 204}
