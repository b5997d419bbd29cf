"""Once a week: a fixed reminder that nobody has to plan."""


def handler(event, context):
    return f"{event['plant']}: {event['note']}"
