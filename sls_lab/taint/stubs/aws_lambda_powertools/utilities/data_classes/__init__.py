"""What the data classes of Powertools read out of an event.

A handler is called with the event as a dictionary, whatever it declares; each property says where in it the data
stands. Bodies are read by Pysa alone; nothing runs them.
https://docs.powertools.aws.dev/lambda/python/latest/utilities/data_classes/
"""

# ruff: noqa: D101, D102, D103 - the classes and properties are those of Powertools, and each body says where the data stands

import json
from collections.abc import Callable
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])


class DictWrapper(dict[str, Any]):
    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None: ...

    @property
    def raw_event(self) -> Any:
        return self

    def __getattr__(self, name: str) -> Any: ...


def event_source(*, data_class: Any) -> Callable[[_F], _F]: ...


class APIGatewayProxyEvent(DictWrapper): ...


class APIGatewayProxyEventV2(DictWrapper): ...


class ALBEvent(DictWrapper): ...


class LambdaFunctionUrlEvent(DictWrapper): ...


class AppSyncResolverEvent(DictWrapper): ...


class CloudWatchLogsEvent(DictWrapper): ...


class SQSRecord(DictWrapper):
    @property
    def body(self) -> Any:
        return self["body"]

    @property
    def json_body(self) -> Any:
        return json.loads(self["body"])

    @property
    def message_attributes(self) -> Any:
        return self["messageAttributes"]


class SQSEvent(DictWrapper):
    @property
    def records(self) -> list[SQSRecord]:
        return self["Records"]


class SNSMessage(DictWrapper):
    @property
    def message(self) -> Any:
        return self["Message"]

    @property
    def subject(self) -> Any:
        return self["Subject"]

    @property
    def message_attributes(self) -> Any:
        return self["MessageAttributes"]


class SNSEventRecord(DictWrapper):
    @property
    def sns(self) -> SNSMessage:
        return self["Sns"]


class SNSEvent(DictWrapper):
    @property
    def records(self) -> list[SNSEventRecord]:
        return self["Records"]

    @property
    def record(self) -> SNSEventRecord:
        return self["Records"][0]

    @property
    def sns_message(self) -> Any:
        return self["Records"][0]["Sns"]["Message"]


class S3Bucket(DictWrapper):
    @property
    def name(self) -> Any:
        return self["name"]


class S3Object(DictWrapper):
    @property
    def key(self) -> Any:
        return self["key"]


class S3Message(DictWrapper):
    @property
    def bucket(self) -> S3Bucket:
        return self["bucket"]

    @property
    def get_object(self) -> S3Object:
        return self["object"]


class S3EventRecord(DictWrapper):
    @property
    def s3(self) -> S3Message:
        return self["s3"]


class S3Event(DictWrapper):
    @property
    def records(self) -> list[S3EventRecord]:
        return self["Records"]

    @property
    def record(self) -> S3EventRecord:
        return self["Records"][0]

    @property
    def bucket_name(self) -> Any:
        return self["Records"][0]["s3"]["bucket"]["name"]

    @property
    def object_key(self) -> Any:
        return self["Records"][0]["s3"]["object"]["key"]


class StreamRecord(DictWrapper):
    @property
    def keys(self) -> Any:
        return self["Keys"]

    @property
    def new_image(self) -> Any:
        return self["NewImage"]

    @property
    def old_image(self) -> Any:
        return self["OldImage"]


class DynamoDBRecord(DictWrapper):
    @property
    def dynamodb(self) -> StreamRecord:
        return self["dynamodb"]


class DynamoDBStreamEvent(DictWrapper):
    @property
    def records(self) -> list[DynamoDBRecord]:
        return self["Records"]


class KinesisStreamRecordPayload(DictWrapper):
    @property
    def data(self) -> Any:
        return self["data"]

    @property
    def partition_key(self) -> Any:
        return self["partitionKey"]

    def data_as_bytes(self) -> Any:
        return self["data"]

    def data_as_text(self) -> Any:
        return self["data"]

    def data_as_json(self) -> Any:
        return json.loads(self["data"])


class KinesisStreamRecord(DictWrapper):
    @property
    def kinesis(self) -> KinesisStreamRecordPayload:
        return self["kinesis"]


class KinesisStreamEvent(DictWrapper):
    @property
    def records(self) -> list[KinesisStreamRecord]:
        return self["Records"]


class EventBridgeEvent(DictWrapper):
    @property
    def detail(self) -> Any:
        return self["detail"]

    @property
    def detail_type(self) -> Any:
        return self["detail-type"]
