"""What the envelopes of Powertools take out of an event.

Bodies are read by Pysa alone; nothing runs them. A model only checks what it is given, and is left out.
https://docs.powertools.aws.dev/lambda/python/latest/utilities/parser/#built-in-envelopes
"""

# ruff: noqa: D101, D102 - the names are those of Powertools, and each body says where the data stands

import base64
import json
from typing import Any


class BaseEnvelope:
    def parse(self, data: Any, model: Any) -> Any: ...


class SqsEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return [json.loads(record["body"]) for record in data["Records"]]


class SnsEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return [json.loads(record["Sns"]["Message"]) for record in data["Records"]]


class SnsSqsEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return [json.loads(json.loads(record["body"])["Message"]) for record in data["Records"]]


class EventBridgeEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return data["detail"]


class DynamoDBStreamEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return [
            {"NewImage": record["dynamodb"]["NewImage"], "OldImage": record["dynamodb"]["OldImage"]}
            for record in data["Records"]
        ]


class KinesisDataStreamEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return [json.loads(base64.b64decode(record["kinesis"]["data"])) for record in data["Records"]]


class KinesisFirehoseEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return [json.loads(base64.b64decode(record["data"])) for record in data["records"]]


class CloudWatchLogsEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return [json.loads(base64.b64decode(data["awslogs"]["data"]))]


class KafkaEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return [json.loads(base64.b64decode(record["value"])) for topic in data["records"].values() for record in topic]


class _RequestEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return json.loads(data["body"])


class ApiGatewayEnvelope(_RequestEnvelope): ...


class ApiGatewayV2Envelope(_RequestEnvelope): ...


class ApiGatewayWebSocketEnvelope(_RequestEnvelope): ...


class LambdaFunctionUrlEnvelope(_RequestEnvelope): ...


class VpcLatticeEnvelope(_RequestEnvelope): ...


class VpcLatticeV2Envelope(_RequestEnvelope): ...


class BedrockAgentEnvelope(BaseEnvelope):
    def parse(self, data: Any, model: Any) -> Any:
        return data["inputText"]
