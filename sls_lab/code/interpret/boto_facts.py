"""boto3's resource classes: what identifies them, what they are made from, and how methods name their arguments.

Sources: https://docs.aws.amazon.com/boto3/latest/guide/resources.html and the reference of each service there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: For each resource class: its identifiers in order, each as (the attribute, the parameter that clients call it).
IDENTIFIERS: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        ("s3", "Bucket"): (("name", "Bucket"),),
        ("s3", "BucketAcl"): (("bucket_name", "Bucket"),),
        ("s3", "BucketCors"): (("bucket_name", "Bucket"),),
        ("s3", "BucketLifecycleConfiguration"): (("bucket_name", "Bucket"),),
        ("s3", "BucketLogging"): (("bucket_name", "Bucket"),),
        ("s3", "BucketNotification"): (("bucket_name", "Bucket"),),
        ("s3", "BucketPolicy"): (("bucket_name", "Bucket"),),
        ("s3", "BucketTagging"): (("bucket_name", "Bucket"),),
        ("s3", "BucketVersioning"): (("bucket_name", "Bucket"),),
        ("s3", "BucketWebsite"): (("bucket_name", "Bucket"),),
        ("s3", "Object"): (("bucket_name", "Bucket"), ("key", "Key")),
        ("s3", "ObjectSummary"): (("bucket_name", "Bucket"), ("key", "Key")),
        ("s3", "ObjectAcl"): (("bucket_name", "Bucket"), ("object_key", "Key")),
        ("s3", "ObjectVersion"): (("bucket_name", "Bucket"), ("object_key", "Key"), ("id", "VersionId")),
        ("s3", "MultipartUpload"): (("bucket_name", "Bucket"), ("object_key", "Key"), ("id", "UploadId")),
        ("s3", "MultipartUploadPart"): (
            ("bucket_name", "Bucket"),
            ("object_key", "Key"),
            ("multipart_upload_id", "UploadId"),
            ("part_number", "PartNumber"),
        ),
        ("dynamodb", "Table"): (("name", "TableName"),),
        ("sqs", "Queue"): (("url", "QueueUrl"),),
        ("sqs", "Message"): (("queue_url", "QueueUrl"), ("receipt_handle", "ReceiptHandle")),
        ("sns", "Topic"): (("arn", "TopicArn"),),
        ("sns", "PlatformEndpoint"): (("arn", "TargetArn"),),
        ("sns", "PlatformApplication"): (("arn", "PlatformApplicationArn"),),
        ("sns", "Subscription"): (("arn", "SubscriptionArn"),),
        ("cloudformation", "Stack"): (("name", "StackName"),),
        ("cloudformation", "StackResource"): (("stack_name", "StackName"), ("logical_id", "LogicalResourceId")),
        ("cloudwatch", "Alarm"): (("name", "AlarmName"),),
        ("cloudwatch", "Metric"): (("namespace", "Namespace"), ("name", "MetricName")),
        ("ec2", "Instance"): (("id", "InstanceId"),),
        ("ec2", "SecurityGroup"): (("id", "GroupId"),),
        ("ec2", "Volume"): (("id", "VolumeId"),),
        ("ec2", "Vpc"): (("id", "VpcId"),),
        ("iam", "Role"): (("name", "RoleName"),),
        ("iam", "User"): (("name", "UserName"),),
        ("iam", "Group"): (("name", "GroupName"),),
        ("iam", "Policy"): (("arn", "PolicyArn"),),
    }
)

#: Resources made from another one by a capitalised method that is not called as they are.
MADE: Mapping[tuple[str, str, str], str] = MappingProxyType(
    {
        ("s3", "Bucket", "Acl"): "BucketAcl",
        ("s3", "Bucket", "Cors"): "BucketCors",
        ("s3", "Bucket", "LifecycleConfiguration"): "BucketLifecycleConfiguration",
        ("s3", "Bucket", "Logging"): "BucketLogging",
        ("s3", "Bucket", "Notification"): "BucketNotification",
        ("s3", "Bucket", "Policy"): "BucketPolicy",
        ("s3", "Bucket", "Tagging"): "BucketTagging",
        ("s3", "Bucket", "Versioning"): "BucketVersioning",
        ("s3", "Bucket", "Website"): "BucketWebsite",
        ("s3", "Object", "Acl"): "ObjectAcl",
        ("s3", "Object", "Version"): "ObjectVersion",
        ("s3", "ObjectSummary", "Acl"): "ObjectAcl",
        ("s3", "ObjectSummary", "Version"): "ObjectVersion",
        ("s3", "MultipartUpload", "Part"): "MultipartUploadPart",
        ("cloudformation", "Stack", "Resource"): "StackResource",
    }
)

#: The collections of a service or resource, with the class of their elements.
COLLECTIONS: Mapping[tuple[str, str, str], str] = MappingProxyType(
    {
        ("s3", "ServiceResource", "buckets"): "Bucket",
        ("s3", "Bucket", "objects"): "ObjectSummary",
        ("s3", "Bucket", "object_versions"): "ObjectVersion",
        ("s3", "Bucket", "multipart_uploads"): "MultipartUpload",
        ("s3", "MultipartUpload", "parts"): "MultipartUploadPart",
        ("dynamodb", "ServiceResource", "tables"): "Table",
        ("sqs", "ServiceResource", "queues"): "Queue",
        ("sqs", "Queue", "dead_letter_source_queues"): "Queue",
        ("sns", "ServiceResource", "topics"): "Topic",
        ("sns", "ServiceResource", "subscriptions"): "Subscription",
        ("sns", "Topic", "subscriptions"): "Subscription",
        ("ec2", "ServiceResource", "instances"): "Instance",
        ("cloudformation", "ServiceResource", "stacks"): "Stack",
    }
)

#: Methods of a collection that give a collection again, and those that act on all of its elements.
NARROWING = frozenset({"all", "filter", "limit", "page_size"})

# Methods with positional parameters, which all other client methods refuse.
_POSITIONAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "upload_file": ("Filename", "Bucket", "Key", "ExtraArgs", "Callback", "Config"),
        "download_file": ("Bucket", "Key", "Filename", "ExtraArgs", "Callback", "Config"),
        "upload_fileobj": ("Fileobj", "Bucket", "Key", "ExtraArgs", "Callback", "Config"),
        "download_fileobj": ("Bucket", "Key", "Fileobj", "ExtraArgs", "Callback", "Config"),
        "copy": ("CopySource", "Bucket", "Key", "ExtraArgs", "Callback", "SourceClient", "Config"),
        "generate_presigned_url": ("ClientMethod", "Params", "ExpiresIn", "HttpMethod"),
        "generate_presigned_post": ("Bucket", "Key", "Fields", "Conditions", "ExpiresIn"),
        "get_paginator": ("operation_name",),
        "get_waiter": ("waiter_name",),
        "can_paginate": ("operation_name",),
    }
)

#: Methods of a client that call nothing at AWS.
SILENT = frozenset({"get_paginator", "get_waiter", "can_paginate", "close"})

#: Methods that raise events, by which a call on an unknown object is noticed.
RAISING = frozenset(
    {
        "put_object",
        "upload_file",
        "upload_fileobj",
        "copy_object",
        "put_item",
        "update_item",
        "delete_item",
        "batch_write_item",
        "transact_write_items",
        "send_message",
        "send_message_batch",
        "publish",
        "publish_batch",
        "invoke",
        "invoke_async",
        "put_events",
        "start_execution",
        "start_sync_execution",
        "put_record",
        "put_records",
        "put_record_batch",
    }
)


def positional(receiver: str, api: str) -> tuple[str, ...]:
    """The names of a method's positional parameters: empty where it takes keywords alone."""
    names = _POSITIONAL.get(api, ())
    if receiver == "client":
        return names
    # What the resource brings itself is no parameter of its methods.
    brought = {"Bucket": {"Bucket"}, "Object": {"Bucket", "Key"}, "ObjectSummary": {"Bucket", "Key"}}.get(receiver)
    return tuple(name for name in names if name not in brought) if brought else ()


def identifiers(service: str, kind: str) -> tuple[tuple[str, str], ...]:
    """A resource class's identifiers; of a class that is not known here, one of its own name."""
    return IDENTIFIERS.get((service, kind), (("id", f"{kind}Id"),))


def collection_name(parent: str, name: str) -> str:
    """What a collection is called as a receiver: `BucketObjectsCollection`."""
    return f"{parent}{''.join(word.capitalize() for word in name.split('_'))}Collection"
