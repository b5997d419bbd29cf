"""What the club knows of one member."""

import json
import os

import boto3

users = boto3.client("cognito-idp")


def handler(event, context):
    user = users.admin_get_user(UserPoolId=os.environ["USER_POOL"], Username=event["pathParameters"]["name"])
    return {"statusCode": 200, "body": json.dumps(user["UserAttributes"])}
