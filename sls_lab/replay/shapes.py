"""Event objects as AWS documents them, from what a service holds of an event.

The addresses of the documentation are beside each. Times and identifiers are made up, and the same on every replay.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote_plus

from sls_lab.replay.deployment import ACCOUNT
from sls_lab.replay.exchange import readable

TIME: Final = "2024-01-01T12:00:00.000Z"
EPOCH: Final = 1704110400


def made_up(value: Any) -> str:
    """An identifier that looks like a UUID and is the same for the same value."""
    text = hashlib.sha256(repr(value).encode("utf-8", "backslashreplace")).hexdigest()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"


def s3_event(contents: Sequence[Mapping[str, Any]], region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"""
    return {"Records": [_s3_record(content, region) for content in contents]}


def _s3_record(content: Mapping[str, Any], region: str) -> dict[str, Any]:
    stored: dict[str, Any] = {"key": quote_plus(content["key"], safe="/-_.!~*'()"), "sequencer": "0A1B2C3D4E5F678901"}
    if "size" in content:
        stored = {
            "key": stored["key"],
            "size": content["size"],
            "eTag": content["eTag"],
            "sequencer": stored["sequencer"],
        }
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": region,
        "eventTime": TIME,
        "eventName": content["name"],
        "userIdentity": {"principalId": "AWS:AROAEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZ"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "notification",
            "bucket": {
                "name": content["bucket"],
                "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                "arn": f"arn:aws:s3:::{content['bucket']}",
            },
            "object": stored,
        },
    }


def object_event(content: Mapping[str, Any]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; the key is not encoded there."""
    created = content["name"].startswith("ObjectCreated")
    reason = {
        "ObjectCreated:Put": "PutObject",
        "ObjectCreated:Copy": "CopyObject",
        "ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    }.get(content["name"], "DeleteObject")
    stored = {
        key: content[name] for key, name in (("key", "key"), ("size", "size"), ("etag", "eTag")) if name in content
    }
    return {
        "source": "aws.s3",
        "detail-type": "Object Created" if created else "Object Deleted",
        "resources": [f"arn:aws:s3:::{content['bucket']}"],
        "detail": {
            "version": "0",
            "bucket": {"name": content["bucket"]},
            "object": stored,
            "request-id": "C3D13FE58DE4C810",
            "requester": ACCOUNT,
            "reason": reason,
        },
        "id": made_up(content["key"]),
    }


def sqs_event(contents: Sequence[Mapping[str, Any]], queue: str, region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    return {"Records": [sqs_record(content, queue, region) for content in contents]}


def sqs_record(content: Mapping[str, Any], queue: str, region: str) -> dict[str, Any]:
    """One message."""
    system = {
        "ApproximateReceiveCount": str(content.get("received", 1)),
        "SentTimestamp": str(EPOCH * 1000),
        "SenderId": "AIDAIENQZJOLO23YVJ4VO",
        "ApproximateFirstReceiveTimestamp": str(EPOCH * 1000 + 1),
    }
    if content.get("group"):
        system |= {"MessageGroupId": content["group"], "SequenceNumber": "18849496460467696128"}
    attributes = content.get("messageAttributes") or {}
    renamed = {"StringValue": "stringValue", "BinaryValue": "binaryValue", "DataType": "dataType"}
    return {
        "messageId": content["messageId"],
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": content["body"],
        "attributes": system,
        "messageAttributes": {
            name: {renamed.get(word, word): _base64(inner) for word, inner in value.items()}
            for name, value in attributes.items()
        },
        "md5OfBody": hashlib.md5(content["body"].encode("utf-8", "replace"), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{region}:{ACCOUNT}:{queue}",
        "awsRegion": region,
    }


def _base64(value: Any) -> Any:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def message_for(content: Mapping[str, Any], protocol: str) -> str:
    """A topic's message as a subscriber with `protocol` gets it.

    https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (MessageStructure)
    """
    if not content.get("structured"):
        return str(content["Message"])
    try:
        texts = json.loads(content["Message"])
    except ValueError:
        return str(content["Message"])
    return str(texts.get(protocol, texts.get("default", ""))) if isinstance(texts, dict) else str(content["Message"])


def notification(content: Mapping[str, Any], topic: str, region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html"""
    attributes = content.get("MessageAttributes") or {}
    found: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": content["MessageId"],
        "TopicArn": f"arn:aws:sns:{region}:{ACCOUNT}:{topic}",
        "Subject": content.get("Subject"),
        "Message": content["Message"],
        "Timestamp": TIME,
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertUrl": "EXAMPLE",
        "UnsubscribeUrl": "EXAMPLE",
    }
    if attributes:
        found["MessageAttributes"] = {
            name: {
                "Type": value.get("DataType"),
                "Value": _base64(value.get("StringValue", value.get("BinaryValue"))),
            }
            for name, value in attributes.items()
        }
    return found


def sns_event(contents: Sequence[Mapping[str, Any]], topic: str, region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"""
    arn = f"arn:aws:sns:{region}:{ACCOUNT}:{topic}:{made_up(topic)}"
    return {
        "Records": [
            {
                "EventVersion": "1.0",
                "EventSubscriptionArn": arn,
                "EventSource": "aws:sns",
                "Sns": {
                    "MessageAttributes": {},
                    **notification({**content, "Message": message_for(content, "lambda")}, topic, region),
                },
            }
            for content in contents
        ]
    }


def dynamodb_event(contents: Sequence[Mapping[str, Any]], table: str, region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html; numbers are strings there, binary is base64."""
    arn = f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{table}/stream/{TIME[:-1]}"
    return {"Records": [{**_stream_record(content["record"], region), "eventSourceARN": arn} for content in contents]}


def _stream_record(record: Mapping[str, Any], region: str) -> dict[str, Any]:
    body = dict(record["dynamodb"])
    body["ApproximateCreationDateTime"] = EPOCH
    for image in ("Keys", "NewImage", "OldImage"):
        if image in body:
            body[image] = {name: _stream_value(value) for name, value in body[image].items()}
    return {
        "eventID": str(record.get("eventID", made_up(body))).replace("-", "")[:32],
        "eventName": record["eventName"],
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": region,
        "dynamodb": body,
    }


def _stream_value(value: Any) -> Any:
    """A value with its type, such as `{"N": "3"}`."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return value
    [(kind, inner)] = value.items()
    match kind:
        case "N":
            return {"N": str(inner)}
        case "M":
            return {"M": {name: _stream_value(one) for name, one in inner.items()}}
        case "L":
            return {"L": [_stream_value(one) for one in inner]}
        case "SS" | "NS" | "BS":
            return {kind: [_base64(one) if kind == "BS" else str(one) for one in inner]}
        case "B":
            return {"B": _base64(inner)}
    return {kind: readable(inner)}


def kinesis_event(contents: Sequence[Mapping[str, Any]], stream: str, region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"""
    return {"Records": [kinesis_record(content, stream, region) for content in contents]}


def kinesis_record(content: Mapping[str, Any], stream: str, region: str) -> dict[str, Any]:
    """One record; the data is base64."""
    number = str(content["sequenceNumber"])
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": content["partitionKey"],
            "sequenceNumber": number,
            "data": base64.b64encode(content["data"]).decode("ascii"),
            "approximateArrivalTimestamp": float(EPOCH),
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000000:{number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": f"arn:aws:iam::{ACCOUNT}:role/function",
        "awsRegion": region,
        "eventSourceARN": f"arn:aws:kinesis:{region}:{ACCOUNT}:stream/{stream}",
    }


def firehose_event(contents: Sequence[Mapping[str, Any]], stream: str, region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-kinesisfirehose.html"""
    return {
        "invocationId": made_up(contents),
        "deliveryStreamArn": f"arn:aws:firehose:{region}:{ACCOUNT}:deliverystream/{stream}",
        "region": region,
        "records": [
            {
                "recordId": made_up((number, content["data"])),
                "approximateArrivalTimestamp": EPOCH * 1000,
                "data": base64.b64encode(content["data"]).decode("ascii"),
            }
            for number, content in enumerate(contents)
        ],
    }


def bus_event(content: Mapping[str, Any], region: str = "us-east-1") -> dict[str, Any]:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html"""
    return {
        "version": "0",
        "id": content.get("id", made_up(content.get("detail"))),
        "detail-type": content.get("detail-type", ""),
        "source": content.get("source", ""),
        "account": ACCOUNT,
        "time": TIME.replace(".000", ""),
        "region": region,
        "resources": list(content.get("resources") or []),
        "detail": content.get("detail"),
    }


def schedule_event(region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html"""
    rule = f"arn:aws:events:{region}:{ACCOUNT}:rule/schedule"
    content = {"detail-type": "Scheduled Event", "source": "aws.events", "detail": {}, "resources": [rule]}
    return bus_event(content, region)


def outcome_record(
    event: Any, arn: str, *, result: Any = None, error: str = "", error_type: str = "", tries: int = 1
) -> dict[str, Any]:
    """What a destination gets of an asynchronous invocation.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    failed = bool(error)
    context: dict[str, Any] = {"statusCode": 200, "executedVersion": "$LATEST"}
    if failed:
        context["functionError"] = "Unhandled"
    response = {"errorMessage": error, "errorType": error_type} if failed else result
    return {
        "version": "1.0",
        "timestamp": TIME,
        "requestContext": {
            "requestId": made_up(event),
            "functionArn": f"{arn}:$LATEST",
            "condition": "RetriesExhausted" if failed else "Success",
            "approximateInvokeCount": tries,
        },
        "requestPayload": event,
        "responseContext": context,
        "responsePayload": response,
    }
