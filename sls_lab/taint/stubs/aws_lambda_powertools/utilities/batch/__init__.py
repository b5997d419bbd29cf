"""How Powertools hands each record of a batch to a function.

Bodies are read by Pysa alone; nothing runs them.
https://docs.powertools.aws.dev/lambda/python/latest/utilities/batch/
"""

# ruff: noqa: D101, D102, D103 - the names are those of Powertools, and each body says what reaches the function

from collections.abc import Callable
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])


class EventType:
    SQS: Any
    KinesisDataStreams: Any
    DynamoDBStreams: Any


class BatchProcessor:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __call__(self, records: Any, handler: Callable[..., Any], lambda_context: Any = None) -> "BatchProcessor":
        for record in records:
            handler(record)
        return self

    def __enter__(self) -> "BatchProcessor":
        return self

    def __exit__(self, *args: Any) -> None: ...

    def process(self) -> Any: ...

    def response(self) -> Any: ...


class AsyncBatchProcessor(BatchProcessor): ...


class SqsFifoPartialProcessor(BatchProcessor): ...


def process_partial_response(
    event: Any, record_handler: Callable[..., Any], processor: BatchProcessor, context: Any = None
) -> Any:
    for record in event["Records"]:
        record_handler(record)


def async_process_partial_response(
    event: Any, record_handler: Callable[..., Any], processor: BatchProcessor, context: Any = None
) -> Any:
    for record in event["Records"]:
        record_handler(record)


def batch_processor(*, record_handler: Any, processor: Any) -> Callable[[_F], _F]: ...
