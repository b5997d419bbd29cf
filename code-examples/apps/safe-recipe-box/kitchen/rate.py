"""Count the stars that a recipe is given."""

import json
import os

import boto3

recipes = boto3.resource("dynamodb").Table(os.environ["RECIPES"])


def handler(event, context):
    stars = json.loads(event["body"])["stars"]
    recipes.update_item(
        Key={"id": event["pathParameters"]["id"]},
        UpdateExpression="ADD stars :stars",
        ExpressionAttributeValues={":stars": int(stars)},
    )
    return {"statusCode": 204}
