"""Start the way of a holiday request through the office."""

import json
import os

import boto3

machine = boto3.client("stepfunctions")


def handler(event, context):
    wish = json.loads(event["body"])
    machine.start_execution(
        stateMachineArn=os.environ["MACHINE_ARN"],
        input=json.dumps({"name": wish["name"], "days": wish["days"], "wording": wish["wording"]}),
    )
    return {"statusCode": 202, "body": "You will hear from us."}
