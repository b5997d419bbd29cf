"""Decide whether the holiday can be granted; up to ten days always can."""


def handler(event, context):
    days = int(event["days"])
    return {"name": event["name"], "wording": event["wording"], "days": days, "granted": days <= 10}
