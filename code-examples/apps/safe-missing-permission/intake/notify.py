"""Tell the front desk, and the audit trail, that a form has arrived."""

import os
from urllib.parse import unquote_plus

import boto3

sns = boto3.client("sns")


def handler(event, context):
    for record in event["Records"]:
        form = unquote_plus(record["s3"]["object"]["key"])
        notice = f"A new form has arrived: {form}"
        sns.publish(TopicArn=os.environ["FRONT_DESK_TOPIC"], Subject="New patient", Message=notice)
        sns.publish(TopicArn=os.environ["AUDIT_TOPIC"], Message=notice)
