"""Work out the price of a ticket."""

from datetime import date


def handler(event, context):
    price = "6.00" if int(event["age"]) < 18 else "12.00"
    return {"price": price, "reference": f"{date.today():%Y%m%d}-{event['visitor']}"}
