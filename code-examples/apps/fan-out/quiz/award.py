"""Show the points on the scoreboard in the bar, which is driven by a command."""

import os


def handler(event, context):
    points = int(event["points"])
    os.system(f"scoreboard add {points}")
