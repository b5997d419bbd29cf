"""Read the bar code of a parcel from a picture."""


def handler(event, context):
    return {"statusCode": 200, "body": str(len(event["body"]))}
