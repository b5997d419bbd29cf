"""Tell the harbour of the next tide."""

import urllib.request

import boto3

secrets = boto3.client("secretsmanager")


def handler(event, context):
    hook = secrets.get_secret_value(SecretId="safe-tide-table/hook")["SecretString"]
    urllib.request.urlopen("https://hooks.harbour.example/" + hook.rpartition("/")[2], data=b"high water at 6.12")
