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
    "pinpoint": "mobiletargeting",
    "s3control": "s3",
    "timestream-query": "timestream",
    "timestream-write": "timestream",
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
    ("s3", "create_multipart_upload"): "PutObject",
    ("s3", "upload_part"): "PutObject",
    ("s3", "complete_multipart_upload"): "PutObject",
    ("s3", "generate_presigned_post"): "PutObject",
    ("s3", "list_buckets"): "ListAllMyBuckets",
    ("s3", "list_multipart_uploads"): "ListBucketMultipartUploads",
    ("s3", "list_parts"): "ListMultipartUploadParts",
    ("s3", "get_bucket_lifecycle_configuration"): "GetLifecycleConfiguration",
    ("s3", "put_bucket_lifecycle_configuration"): "PutLifecycleConfiguration",
    ("s3", "get_bucket_notification_configuration"): "GetBucketNotification",
    ("s3", "put_bucket_notification_configuration"): "PutBucketNotification",
    ("s3", "select_object_content"): "GetObject",
    ("apigatewaymanagementapi", "post_to_connection"): "ManageConnections",
    ("apigatewaymanagementapi", "get_connection"): "ManageConnections",
    ("apigatewaymanagementapi", "delete_connection"): "ManageConnections",
    ("bedrock-runtime", "converse"): "InvokeModel",
    ("bedrock-runtime", "converse_stream"): "InvokeModelWithResponseStream",
    ("timestream-query", "query"): "Select",
    ("lambda", "invoke"): "InvokeFunction",
    ("lambda", "invoke_async"): "InvokeFunction",
    ("lambda", "invoke_with_response_stream"): "InvokeFunction",
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
    ("s3", "BucketObjectsCollection", "all"): "list_objects_v2",
    ("s3", "BucketObjectsCollection", "filter"): "list_objects_v2",
    ("s3", "BucketObjectsCollection", "limit"): "list_objects_v2",
    ("s3", "BucketObjectsCollection", "delete"): "delete_objects",
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
    if api == "generate_presigned_url":  # whoever has the URL acts with the permissions of who signed it
        signed = next(
            (call.arguments[word] for word in ("ClientMethod", "client_method") if word in call.arguments), None
        )
        api = next((value.text for value in signed.values if value.text), "") if signed is not None else ""
    if not api or (call.service, api) in _UNDECIDED:
        return None
    if call.receiver not in ("client", "Paginator", "ServiceResource") and api == call.api and not _is_operation(call):
        return None
    operation_name = _ACTIONS.get((call.service, api), "".join(part.capitalize() for part in api.split("_")))
    return f"{action_prefix(call.service)}:{operation_name}"


def action_prefix(service: str) -> str:
    """How the actions of a boto3 client's service begin."""
    return _PREFIXES.get(service, service)


def _is_operation(call: BotoCall) -> bool:
    """Whether a resource's method has the name of the client's."""
    return (call.receiver in ("Table", "Topic", "Queue", "Bucket", "Object") and "_" in call.api) or call.api in (
        "scan",
        "query",
        "publish",
    )
