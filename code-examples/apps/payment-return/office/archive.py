"""Pack the receipts of one shelf."""

import os


def handler(event, context):
    shelf = event["shelf"]
    os.system(f"tar --create --gzip --file /tmp/{shelf}.tar.gz /mnt/receipts/{shelf}")
