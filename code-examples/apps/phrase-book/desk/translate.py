"""Translate a traveller's phrase, and remember the last ones."""

import json
from datetime import date

import boto3

translate = boto3.client("translate")
RECENT = []


def handler(event, context):
    phrase = json.loads(event["body"])["phrase"]
    answer = translate.translate_text(Text=phrase, SourceLanguageCode="auto", TargetLanguageCode="it")
    RECENT.append(phrase)
    with open(f"/tmp/{date.today()}.txt", "a") as diary:
        diary.write(f"{phrase} = {answer['TranslatedText']}\n")
    return {"statusCode": 200, "body": json.dumps({"answer": answer["TranslatedText"], "recent": RECENT[-10:]})}
