"""The events that AWS documents for each service, cut down to their fields; texts stand for what varies.

Addresses: https://docs.aws.amazon.com/lambda/latest/dg/ and behind it with-s3.html, with-sqs.html, with-sns.html,
with-ddb-example.html, with-kinesis.html, invocation-async-retain-records.html, and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html.
"""

from __future__ import annotations

from typing import Any

TEXT = "text"
ATTRIBUTE: dict[str, Any] = {
    "S": TEXT, "N": TEXT, "B": TEXT, "BOOL": True, "NULL": True, "SS": [TEXT], "NS": [TEXT], "BS": [TEXT],
    "M": {}, "L": [],
}  # fmt: skip

S3 = {
    "Records": [
        {
            "eventVersion": TEXT, "eventSource": "aws:s3", "awsRegion": TEXT, "eventTime": TEXT, "eventName": TEXT,
            "userIdentity": {"principalId": TEXT}, "requestParameters": {"sourceIPAddress": TEXT},
            "responseElements": {"x-amz-request-id": TEXT, "x-amz-id-2": TEXT},
            "s3": {
                "s3SchemaVersion": TEXT, "configurationId": TEXT,
                "bucket": {"name": TEXT, "ownerIdentity": {"principalId": TEXT}, "arn": TEXT},
                "object": {"key": TEXT, "size": 1, "eTag": TEXT, "versionId": TEXT, "sequencer": TEXT},
            },
        }
    ]
}  # fmt: skip
SQS = {
    "Records": [
        {
            "messageId": TEXT, "receiptHandle": TEXT, "body": TEXT,
            "attributes": {
                "ApproximateReceiveCount": TEXT, "SentTimestamp": TEXT, "SenderId": TEXT, "SequenceNumber": TEXT,
                "MessageGroupId": TEXT, "MessageDeduplicationId": TEXT, "ApproximateFirstReceiveTimestamp": TEXT,
            },
            "messageAttributes": {
                "*": {"stringValue": TEXT, "stringListValues": [], "binaryListValues": [], "dataType": TEXT}
            },
            "md5OfBody": TEXT, "eventSource": "aws:sqs", "eventSourceARN": TEXT, "awsRegion": TEXT,
        }
    ]
}  # fmt: skip
SNS = {
    "Records": [
        {
            "EventVersion": TEXT, "EventSubscriptionArn": TEXT, "EventSource": "aws:sns",
            "Sns": {
                "SignatureVersion": TEXT, "Timestamp": TEXT, "Signature": TEXT, "SigningCertUrl": TEXT,
                "MessageId": TEXT, "Message": TEXT, "MessageAttributes": {"*": {"Type": TEXT, "Value": TEXT}},
                "Type": TEXT, "UnsubscribeUrl": TEXT, "TopicArn": TEXT, "Subject": TEXT,
            },
        }
    ]
}  # fmt: skip
DYNAMODB = {
    "Records": [
        {
            "eventID": TEXT, "eventName": TEXT, "eventVersion": TEXT, "eventSource": "aws:dynamodb", "awsRegion": TEXT,
            "dynamodb": {
                "Keys": {"*": ATTRIBUTE}, "NewImage": {"*": ATTRIBUTE}, "OldImage": {"*": ATTRIBUTE},
                "ApproximateCreationDateTime": 1, "SequenceNumber": TEXT, "SizeBytes": 1, "StreamViewType": TEXT,
            },
            "eventSourceARN": TEXT,
        }
    ]
}  # fmt: skip
KINESIS = {
    "Records": [
        {
            "kinesis": {
                "kinesisSchemaVersion": TEXT, "partitionKey": TEXT, "sequenceNumber": TEXT, "data": TEXT,
                "approximateArrivalTimestamp": 1.0,
            },
            "eventSource": "aws:kinesis", "eventVersion": TEXT, "eventID": TEXT, "eventName": "aws:kinesis:record",
            "invokeIdentityArn": TEXT, "awsRegion": TEXT, "eventSourceARN": TEXT,
        }
    ]
}  # fmt: skip
# https://docs.aws.amazon.com/lambda/latest/dg/services-kinesisfirehose.html
FIREHOSE = {
    "invocationId": TEXT, "deliveryStreamArn": TEXT, "region": TEXT,
    "records": [
        {
            "recordId": TEXT, "approximateArrivalTimestamp": 1, "data": TEXT,
            "kinesisRecordMetadata": {"sequenceNumber": TEXT, "subsequenceNumber": TEXT, "partitionKey": TEXT},
        }
    ],
}  # fmt: skip
EVENTS = {
    "version": TEXT, "id": TEXT, "detail-type": TEXT, "source": TEXT, "account": TEXT, "time": TEXT, "region": TEXT,
    "resources": [TEXT], "detail": None,
}  # fmt: skip


def differences(event: object, documented: object, path: str = "event") -> list[str]:
    """Where an event has what the documented one does not have, or has of another type; None stands for anything."""
    if documented is None:
        return []
    if isinstance(event, dict):
        if not isinstance(documented, dict):
            return [f"{path} is a mapping"]
        if not documented:
            return []
        found = []
        for key, value in event.items():
            if key not in documented and "*" not in documented:
                found.append(f"{path}.{key} is not documented")
            else:
                found += differences(value, documented.get(key, documented.get("*")), f"{path}.{key}")
        return found
    if isinstance(event, list):
        if not isinstance(documented, list):
            return [f"{path} is a list"]
        return [one for value in event for one in differences(value, (documented or [None])[0], f"{path}[]")]
    if isinstance(documented, float | int) and not isinstance(documented, bool):
        return [] if isinstance(event, int | float) else [f"{path} is no number"]
    return [] if type(event) is type(documented) else [f"{path} is a {type(event).__name__}"]
