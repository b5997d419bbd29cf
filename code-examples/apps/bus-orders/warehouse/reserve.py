"""Reserve the flowers of an order."""

import os

import pymysql


def handler(event, context):
    order = event["detail"]
    flower = order["flower"]
    connection = pymysql.connect(host=os.environ["DATABASE_HOST"], user="warehouse", database="stock")
    with connection.cursor() as cursor:
        cursor.execute("SELECT price FROM flowers WHERE name = %s", (flower,))
        print(cursor.fetchone())
        cursor.execute(f"UPDATE flowers SET reserved = reserved + 1 WHERE name = '{flower}'")
    connection.commit()
