"""Export a station's readings; the function was renamed and the template was not."""

import os


def export(event, context):
    os.system("rrdtool dump " + event["body"])
    return {"statusCode": 200}
