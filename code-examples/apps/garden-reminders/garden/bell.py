"""Says a reminder when its time has come."""

import subprocess


def handler(event, context):
    words = f"{event['plant']}: {event['note']}"
    subprocess.run(f"espeak-ng -w /tmp/reminder.wav '{words}'", shell=True, check=True)
    return words
