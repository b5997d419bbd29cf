"""Light the lamp: a signal is one of three."""

import boto3

ssm = boto3.client("ssm")
SIGNALS = {"steady": 1, "slow": 10, "fast": 3}


def setting(name):
    return ssm.get_parameter(Name=f"/lighthouse/{name}")["Parameter"]["Value"]


def handler(event, context):
    every = SIGNALS.get(setting("signal"), 1)
    lit = [second for second in range(60) if second % every == 0]
    print(f"{eval(setting('brightness'))} cd at the seconds {lit}")
