"""The IAM action that a boto3 call needs.

An action is named after the API operation it allows, with exceptions
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
"""

from __future__ import annotations

from sls_lab.code.model import BotoCall

_PREFIXES = {
    "stepfunctions": "states",
    "cloudwatch": "cloudwatch",
    "apigatewaymanagementapi": "execute-api",
    "opensearch": "es",
    "sesv2": "ses",
    "iot-data": "iot",
    "bedrock-runtime": "bedrock",
}

#: operations whose action has another name, and the higher-level methods of boto3 that are no operations
_ACTIONS = {
    ("s3", "list_objects"): "ListBucket",
    ("s3", "list_objects_v2"): "ListBucket",
    ("s3", "list_object_versions"): "ListBucketVersions",
    ("s3", "head_object"): "GetObject",
    ("s3", "head_bucket"): "ListBucket",
    ("s3", "download_file"): "GetObject",
    ("s3", "download_fileobj"): "GetObject",
    ("s3", "upload_file"): "PutObject",
    ("s3", "upload_fileobj"): "PutObject",
    ("s3", "copy"): "PutObject",
    ("s3", "copy_object"): "PutObject",
    ("s3", "delete_objects"): "DeleteObject",
    ("lambda", "invoke"): "InvokeFunction",
    ("lambda", "invoke_async"): "InvokeFunction",
}

#: methods of boto3's resources by class, as the client's method of the same meaning
_RESOURCE_METHODS = {
    ("s3", "Object", "put"): "put_object",
    ("s3", "Object", "get"): "get_object",
    ("s3", "Object", "delete"): "delete_object",
    ("s3", "Object", "copy_from"): "copy_object",
    ("s3", "ObjectSummary", "put"): "put_object",
    ("s3", "ObjectSummary", "get"): "get_object",
    ("s3", "ObjectSummary", "delete"): "delete_object",
    ("s3", "Bucket", "all"): "list_objects_v2",
    ("s3", "Bucket", "filter"): "list_objects_v2",
    ("sqs", "Queue", "send_messages"): "send_message",
    ("dynamodb", "BatchWriter", "put_item"): "batch_write_item",
    ("dynamodb", "BatchWriter", "delete_item"): "batch_write_item",
}

#: PartiQL needs an action for what the statement does, which the method does not tell
_UNDECIDED = {
    ("dynamodb", "execute_statement"),
    ("dynamodb", "batch_execute_statement"),
    ("dynamodb", "transact_write_items"),
}


def action_of(call: BotoCall) -> str | None:
    """The action, such as `s3:PutObject`; None where the method does not tell it."""
    api = _RESOURCE_METHODS.get((call.service, call.receiver, call.api), call.api)
    if call.receiver == "Paginator":
        operation = call.arguments.get("operation_name")
        api = next((value.text for value in operation.values if value.text), api) if operation else api
    if (call.service, api) in _UNDECIDED:
        return None
    if call.receiver not in ("client", "Paginator", "ServiceResource") and api == call.api and not _is_operation(call):
        return None
    operation_name = _ACTIONS.get((call.service, api), "".join(part.capitalize() for part in api.split("_")))
    return f"{_PREFIXES.get(call.service, call.service)}:{operation_name}"


def _is_operation(call: BotoCall) -> bool:
    """Whether a resource's method has the name of the client's."""
    return (call.receiver in ("Table", "Topic", "Queue", "Bucket", "Object") and "_" in call.api) or call.api in (
        "scan",
        "query",
        "publish",
    )
