"""Plans a reminder for the time that was asked for."""

import json
import os
import uuid

import boto3

scheduler = boto3.client("scheduler")


def handler(event, context):
    wish = json.loads(event["body"])
    scheduler.create_schedule(
        Name=f"reminder-{uuid.uuid4()}",
        GroupName="garden",
        ScheduleExpression=f"at({wish['when']})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": os.environ["REMINDER_ARN"],
            "RoleArn": os.environ["CALLER_ROLE"],
            "Input": json.dumps({"plant": wish["plant"], "note": wish["note"]}),
        },
    )
    return {"statusCode": 202}
