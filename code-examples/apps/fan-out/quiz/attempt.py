"""Take a team's attempt: the marking runs on its own, the points for taking part are given at once."""

import json
import os

import boto3

sns = boto3.client("sns")


def handler(event, context):
    attempt = json.loads(event["body"])
    sns.publish(
        TopicArn=os.environ["ATTEMPTS_TOPIC"],
        Message=json.dumps({"team": attempt["team"], "question": attempt["question"], "answer": attempt["answer"]}),
    )
    boto3.client("lambda").invoke(
        FunctionName=os.environ["AWARD_FUNCTION"],
        InvocationType="Event",
        Payload=json.dumps({"team": attempt["team"], "points": attempt["round"]}),
    )
    return {"statusCode": 202}
