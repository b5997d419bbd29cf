"""Give a member an office in the club: treasurer, water warden, …"""

import json
import os

import boto3

users = boto3.client("cognito-idp")


def handler(event, context):
    office = json.loads(event["body"])["office"]
    users.admin_add_user_to_group(
        UserPoolId=os.environ["USER_POOL"], Username=event["pathParameters"]["name"], GroupName=office
    )
    return {"statusCode": 204}
