"""Keeps each report of a fridge."""

import os

import pymysql


def handler(event, context):
    connection = pymysql.connect(host=os.environ["DATABASE_HOST"], user="recorder", database="fridges")
    with connection, connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO reports (fridge, note) VALUES ('{event['fridge']}', '{event['note']}')")
        connection.commit()
