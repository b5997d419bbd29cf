"""Find exhibits by the word that a visitor types."""

import json
import os

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    word = event["queryStringParameters"]["word"]
    statement = f"SELECT title FROM \"{os.environ['EXHIBITS']}\" WHERE contains(title, '{word}')"
    answer = dynamodb.execute_statement(Statement=statement)
    return {"statusCode": 200, "body": json.dumps(answer["Items"])}
