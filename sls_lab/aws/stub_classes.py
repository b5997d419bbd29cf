"""The stub package and class that types what a boto3 method is called on.

The names are those of https://pypi.org/project/boto3-stubs/.
"""

from __future__ import annotations

from sls_lab.aws.tables import table


def stub_class(service: str, receiver: str) -> tuple[str, str] | None:
    """The module and class for a boto3 client's service and a receiver: `("mypy_boto3_s3.client", "S3Client")`.

    None for paginators and waiters, whose class depends on the operation, and for services without stubs.
    """
    known = table("boto_classes.json").get(service)
    if known is None or receiver in ("Paginator", "Waiter") or not receiver:
        return None
    word, module = known["name"], f"mypy_boto3_{service.replace('-', '_')}"
    if receiver == "client":
        return f"{module}.client", f"{word}Client"
    if not known["classes"] or not receiver.isidentifier():
        return None
    return f"{module}.service_resource", f"{word}ServiceResource" if receiver == "ServiceResource" else receiver
