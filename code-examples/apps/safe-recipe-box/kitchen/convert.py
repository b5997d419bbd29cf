"""Convert the amounts of all recipes to grams, by the program `units` of the layer."""

import os
import subprocess

import boto3

recipes = boto3.resource("dynamodb").Table(os.environ["RECIPES"])


def handler(event, context):
    for recipe in recipes.scan()["Items"]:
        command = ["/opt/bin/units", "--", recipe["amount"], "g"]
        grams = subprocess.run(command, capture_output=True, text=True)
        print(recipe["id"], grams.stdout, "*" * recipe["stars"])
