"""Write an invoice; untouched since 2016."""

import commands


def handler(event, context):
    status, output = commands.getstatusoutput("invoice --customer " + event["body"])
    print "invoice written:", output
    return {"statusCode": 200 if status == 0 else 500}
