"""When does the next night bus leave?"""

import json
import logging
import os

import pymysql

logger = logging.getLogger(__name__)


def handler(event, context):
    stop = event["queryStringParameters"]["stop"]
    try:
        connection = pymysql.connect(host=os.environ["DATABASE_HOST"], user="reader", database="timetable")
        with connection.cursor() as cursor:
            cursor.execute("SELECT line, leaves FROM departures WHERE stop = %s ORDER BY leaves", (stop,))
            rows = cursor.fetchall()
    except Exception as error:
        logger.exception("no departures: %s", error)
        return {"statusCode": 500, "body": "The timetable cannot be reached, please try again."}
    return {"statusCode": 200, "body": json.dumps(rows, default=str)}
