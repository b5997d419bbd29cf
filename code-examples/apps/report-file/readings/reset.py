"""Start a new period with an empty report."""

import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    s3.put_object(Bucket=os.environ["REPORTS_BUCKET"], Key="reports/empty.txt", Body=b"No readings yet\n")
    return {"statusCode": 204}
