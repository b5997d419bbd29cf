"""Pay an order back; the accounts department's own system raises the event."""

import os

import pymysql


def handler(event, context):
    number = event["detail"]["number"]
    connection = pymysql.connect(host=os.environ["DATABASE_HOST"], user="accounts", database="orders")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders SET state = 'refunded' WHERE number = '%s'" % number)
    connection.commit()
