"""The IAM action that a boto3 call needs."""

from __future__ import annotations

from sls_lab.aws.actions import client_method, method_action
from sls_lab.code.model import BotoCall


def action_of(call: BotoCall) -> str | None:
    """The action, such as `s3:PutObject`; None where the method's name does not give it."""
    api = client_method(call.service, call.receiver, call.api)
    if call.receiver == "Paginator":
        operation = call.arguments.get("operation_name")
        api = next((value.text for value in operation.values if value.text), "") if operation else ""
    if api == "generate_presigned_url":  # whoever has the URL acts with the permissions of its signer
        signed = next(
            (call.arguments[word] for word in ("ClientMethod", "client_method") if word in call.arguments), None
        )
        api = next((value.text for value in signed.values if value.text), "") if signed is not None else ""
    if not api:
        return None
    if call.receiver not in ("client", "Paginator", "ServiceResource") and api == call.api and not _is_operation(call):
        return None
    return method_action(call.service, api)


def _is_operation(call: BotoCall) -> bool:
    """Whether a resource's method has the name of the client's; one that waits asks something else meanwhile."""
    if call.api.startswith("wait_until_"):
        return False
    named = call.receiver in ("Table", "Topic", "Queue", "Bucket", "Object") and "_" in call.api
    return named or call.api in ("scan", "query", "publish")
