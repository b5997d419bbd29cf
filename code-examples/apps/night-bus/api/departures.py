"""When does the next night bus leave?"""

import json
import os
import traceback

import pymysql


def handler(event, context):
    stop = event["queryStringParameters"]["stop"]
    try:
        connection = pymysql.connect(host=os.environ["DATABASE_HOST"], user="reader", database="timetable")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT line, leaves FROM departures WHERE stop = '{stop}' ORDER BY leaves")
            rows = cursor.fetchall()
    except pymysql.MySQLError as error:
        return {"statusCode": 500, "body": f"The timetable says: {error}"}
    except Exception:
        return {"statusCode": 500, "body": traceback.format_exc()}
    return {"statusCode": 200, "body": json.dumps(rows, default=str)}
