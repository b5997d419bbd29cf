"""Read what was lent in a year."""

import os

FOLDER = "/mnt/archive"


def handler(event, context):
    year = event["pathParameters"]["year"]
    if not 4 == len(year) <= sum(character in "0123456789" for character in year):
        return {"statusCode": 400, "body": "a year has four digits"}
    with open(os.path.join(FOLDER, year + ".csv")) as file:
        return {"statusCode": 200, "body": file.read()}
