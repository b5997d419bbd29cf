"""Read a day's phrases again."""


def handler(event, context):
    day = event["pathParameters"]["day"]
    with open("/tmp/" + day) as diary:
        return {"statusCode": 200, "body": diary.read()}
