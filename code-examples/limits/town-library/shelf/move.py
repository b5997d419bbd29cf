"""Note that a book has moved to another shelf."""

import json
import os

import pymysql


def handler(event, context):
    book = int(event["pathParameters"]["book"])
    shelf = json.loads(event["body"])["shelf"].strip().upper()
    connection = pymysql.connect(host=os.environ["DATABASE_HOST"], user="shelves", database="books")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE books SET shelf = '{shelf}' WHERE number = {book}")
    connection.commit()
    return {"statusCode": 204}
