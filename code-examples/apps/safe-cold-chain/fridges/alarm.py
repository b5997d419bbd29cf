"""Counts alarms in the log."""


def handler(event, context):
    print("an alarm")
