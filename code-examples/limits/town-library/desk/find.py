"""Find books by a word of their title."""

import json
import os

import pymysql


def handler(event, context):
    word = event["queryStringParameters"]["word"]
    connection = pymysql.connect(host=os.environ["DATABASE_HOST"], user="desk", database="books")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT title, shelf FROM books WHERE title LIKE '%{word}%' ORDER BY title")
        return {"statusCode": 200, "body": json.dumps(cursor.fetchall())}
