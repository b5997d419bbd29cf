"""Amazon S3.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="s3",
    arn=ArnShape("", "/", cut=True, region=False, account=False, scheme="s3://"),
    types={
        "AWS::S3::Bucket": ResourceType(
            "BucketName", attributes={"DomainName": "domain", "RegionalDomainName": "domain"}
        ),
    },
    raising=frozenset({"put_object", "upload_file", "upload_fileobj", "copy_object"}),
    actions={
        "list_objects": "ListBucket",
        "head_object": "GetObject",
        "head_bucket": "ListBucket",
        "download_file": "GetObject",
        "download_fileobj": "GetObject",
        "upload_file": "PutObject",
        "upload_fileobj": "PutObject",
        "copy": "PutObject",
        "copy_object": "PutObject",
        "delete_objects": "DeleteObject",
        "create_multipart_upload": "PutObject",
        "upload_part": "PutObject",
        "upload_part_copy": "PutObject",
        "delete_bucket_cors": "PutBucketCORS",
        "delete_bucket_tagging": "PutBucketTagging",
        "complete_multipart_upload": "PutObject",
        "generate_presigned_post": "PutObject",
        "list_parts": "ListMultipartUploadParts",
        "get_bucket_notification_configuration": "GetBucketNotification",
        "put_bucket_notification_configuration": "PutBucketNotification",
        "select_object_content": "GetObject",
    },
    methods={
        ("Object", "put"): "put_object",
        ("Object", "get"): "get_object",
        ("Object", "delete"): "delete_object",
        ("Object", "copy_from"): "copy_object",
        ("ObjectSummary", "put"): "put_object",
        ("ObjectSummary", "get"): "get_object",
        ("ObjectSummary", "delete"): "delete_object",
        ("BucketObjectsCollection", "all"): "list_objects_v2",
        ("BucketObjectsCollection", "filter"): "list_objects_v2",
        ("BucketObjectsCollection", "limit"): "list_objects_v2",
        ("BucketObjectsCollection", "delete"): "delete_objects",
    },
    delivering="s3:PutObject",
    target=True,
    triggers=(TriggerFacts("s3", asynchronous=True, raised=True, principal=("s3.amazonaws.com",)),),
)
