"""Count the forms of the day; what they say is of no interest here."""


def handler(event, context):
    print(f"forms received: {len(event['Records'])}")
