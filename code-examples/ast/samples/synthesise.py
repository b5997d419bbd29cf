"""Functions that ask for their parameters in different ways."""


def handler(event, context):
    return event["key"]


async def fetch(url, /, timeout=10, *hosts, retries, **options):
    return url


def version():
    return 1
