"""Tell the harbour of the next tide."""

import urllib.request

import boto3

secrets = boto3.client("secretsmanager")


def handler(event, context):
    hook = secrets.get_secret_value(SecretId="tide-table/hook")["SecretString"]
    urllib.request.urlopen(hook, data=b"high water at 6.12")
