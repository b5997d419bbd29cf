"""Which events a call of AWS raises, from what it was given and what came of it.

This looks at the call that was really made and never at the edges that the analysis linked: it must be able to
disagree with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sls_lab.aws.arn import arn_name, parse_arn
from sls_lab.aws.registry import facts_by_word, facts_of
from sls_lab.facts import Pattern
from sls_lab.replay import shapes
from sls_lab.replay.stations import Event, decoded

_NAMES: Final = {
    "put_object": "ObjectCreated:Put",
    "copy_object": "ObjectCreated:Copy",
    "complete_multipart_upload": "ObjectCreated:CompleteMultipartUpload",
    "delete_object": "ObjectRemoved:Delete",
}


def raised_events(
    service: str, api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]
) -> list[list[Event]]:
    """The events of one call, in groups of those that may arrive together; empty for a call that raises none.

    `effects` is what the child reports of it: `response`, `stored` (an object's size and ETag), `records` (of tables).
    """
    reader = _READERS.get((service, api))
    if reader is not None:
        return [group for group in reader(api, arguments, effects) if group]
    if service == "dynamodb":
        return [
            [Event("dynamodb", table, {"record": record}) for record in records]
            for table, records in (effects.get("records") or {}).items()
            if records
        ]
    return []


def name_of(service: str, value: Any) -> str:
    """The name of a resource that is given by name, ARN or URL."""
    return str(arn_name(service, Pattern.of(str(value))))


def _stored(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    content = {"name": _NAMES[api], "bucket": name_of("s3", arguments["Bucket"]), "key": arguments["Key"]}
    yield [Event("s3", content["bucket"], {**content, **(effects.get("stored") or {})})]


def _removed(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    bucket = name_of("s3", arguments["Bucket"])
    for entry in arguments.get("Delete", {}).get("Objects", []):
        yield [Event("s3", bucket, {"name": "ObjectRemoved:Delete", "bucket": bucket, "key": entry["Key"]})]


def _message(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    yield [_queued(arguments, arguments["QueueUrl"], effects["response"].get("MessageId"))]


def _messages(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    sent = {entry["Id"]: entry["MessageId"] for entry in effects["response"].get("Successful", [])}
    entries = [entry for entry in arguments.get("Entries", []) if entry["Id"] in sent]
    yield [_queued(entry, arguments["QueueUrl"], sent[entry["Id"]]) for entry in entries]


def _queued(entry: Mapping[str, Any], queue: str, identifier: Any) -> Event:
    content = {
        "body": entry["MessageBody"],
        "messageId": identifier or shapes.made_up(entry),
        "messageAttributes": entry.get("MessageAttributes"),
        "group": entry.get("MessageGroupId", ""),
    }
    return Event("sqs", name_of("sqs", queue), content)


def _published(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    topic = arguments.get("TopicArn") or arguments.get("TargetArn")
    if topic is not None:
        yield [_notice(arguments, topic, effects["response"].get("MessageId"))]


def _published_several(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    sent = {entry["Id"]: entry["MessageId"] for entry in effects["response"].get("Successful", [])}
    for entry in arguments.get("PublishBatchRequestEntries", []):
        if entry["Id"] in sent:
            yield [_notice(entry, arguments["TopicArn"], sent[entry["Id"]])]


def _notice(entry: Mapping[str, Any], topic: str, identifier: Any) -> Event:
    content = {
        "Message": entry["Message"],
        "Subject": entry.get("Subject"),
        "MessageAttributes": entry.get("MessageAttributes"),
        "MessageId": identifier or shapes.made_up(entry),
        "structured": entry.get("MessageStructure") == "json",
    }
    return Event("sns", name_of("sns", topic), content)


def _record(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    stream = name_of("kinesis", arguments.get("StreamName") or arguments.get("StreamARN"))
    entries = arguments["Records"] if api == "put_records" else [arguments]
    answers = effects["response"].get("Records") or [effects["response"]]
    yield [
        Event(
            "kinesis",
            stream,
            {
                "data": decoded(entry["Data"]),
                "partitionKey": entry.get("PartitionKey", ""),
                "sequenceNumber": answer.get("SequenceNumber", str(number + 1)),
            },
        )
        for number, (entry, answer) in enumerate(zip(entries, answers, strict=False))
    ]


def _entries(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    answers = effects["response"].get("Entries", [])
    for number, entry in enumerate(arguments.get("Entries", [])):
        answer = answers[number] if number < len(answers) else {}
        if answer.get("ErrorCode"):
            continue
        content = {
            "source": entry.get("Source", ""),
            "detail-type": entry.get("DetailType", ""),
            "detail": _detail(entry.get("Detail")),
            "resources": entry.get("Resources"),
            "id": answer.get("EventId") or shapes.made_up(entry),
        }
        yield [Event("events", name_of("events", entry.get("EventBusName") or "default"), content)]


def _delivered(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    entries = arguments["Records"] if api == "put_record_batch" else [arguments["Record"]]
    stream = name_of("firehose", arguments["DeliveryStreamName"])
    yield [Event("firehose", stream, {"data": decoded(entry["Data"])}) for entry in entries]


def _broadcast(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    content = {"topic": arguments["topic"], "payload": decoded(arguments.get("payload") or b"")}
    yield [Event("iot-data", facts_of("iot-data").shared, content)]


def _scheduled(api: str, arguments: Mapping[str, Any], effects: Mapping[str, Any]) -> Iterator[list[Event]]:
    """What a schedule delivers to its target, as if its time had come.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
    """
    target = arguments["Target"]
    arn, text = parse_arn(Pattern.of(target["Arn"])), target.get("Input") or "{}"
    facts = facts_by_word(arn.service.text or "") if arn is not None else None
    if facts is None or not facts.target:
        return
    bus = target.get("EventBridgeParameters") or {}
    contents: dict[str, Mapping[str, Any]] = {
        "lambda": {"input": _parsed(text)},
        "stepfunctions": {"input": _parsed(text)},
        "sqs": {"body": text, "messageId": shapes.made_up(text)},
        "sns": {"Message": text, "MessageId": shapes.made_up(text)},
        "kinesis": {"data": text.encode("utf-8"), "partitionKey": "schedule", "sequenceNumber": "1"},
        "firehose": {"data": text.encode("utf-8")},
        "events": {
            "source": bus.get("Source", ""),
            "detail-type": bus.get("DetailType", ""),
            "detail": _detail(text),
            "id": shapes.made_up(text),
        },
    }
    content = contents.get(facts.client)
    if content is not None:
        yield [Event(facts.client, name_of(facts.client, target["Arn"]), content)]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _detail(text: Any) -> Any:
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


_READERS: Final[Mapping[tuple[str, str], Any]] = {
    **{("s3", api): _stored for api in _NAMES},
    ("s3", "delete_objects"): _removed,
    ("sqs", "send_message"): _message,
    ("sqs", "send_message_batch"): _messages,
    ("sns", "publish"): _published,
    ("sns", "publish_batch"): _published_several,
    ("kinesis", "put_record"): _record,
    ("kinesis", "put_records"): _record,
    ("events", "put_events"): _entries,
    ("firehose", "put_record"): _delivered,
    ("firehose", "put_record_batch"): _delivered,
    ("iot-data", "publish"): _broadcast,
    ("scheduler", "create_schedule"): _scheduled,
    ("scheduler", "update_schedule"): _scheduled,
}
