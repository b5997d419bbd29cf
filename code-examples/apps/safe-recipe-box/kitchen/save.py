"""Save a recipe as its cook wrote it."""

import json
import os
import uuid

import boto3

recipes = boto3.resource("dynamodb").Table(os.environ["RECIPES"])


def handler(event, context):
    form = json.loads(event["body"])
    recipe = {"id": str(uuid.uuid4()), "title": form["title"], "stars": 0}
    recipe["amount"] = form["amount"]
    recipes.put_item(Item=recipe)
    return {"statusCode": 201, "body": json.dumps({"id": recipe["id"]})}
