"""Show what is on a shelf. Shelves have names such as B12."""

import json
import os

import pymysql

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"


def plain(name):
    """The letters and digits of a name, and nothing else of it."""
    return "".join(character for character in name if character in LETTERS + DIGITS)


def handler(event, context):
    shelf = plain(event["pathParameters"]["shelf"])
    connection = pymysql.connect(host=os.environ["DATABASE_HOST"], user="desk", database="books")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT title FROM books WHERE shelf = '{shelf}'")
        return {"statusCode": 200, "body": json.dumps(cursor.fetchall())}
