"""Light the lamp: a signal is an expression of the second of the minute."""

import boto3

ssm = boto3.client("ssm")


def setting(name):
    return ssm.get_parameter(Name=f"/lighthouse/{name}")["Parameter"]["Value"]


def handler(event, context):
    signal, candela = setting("signal"), setting("brightness")
    lit = [second for second in range(60) if eval(signal, {"second": second})]
    print(f"{eval(candela)} cd at the seconds {lit}")
