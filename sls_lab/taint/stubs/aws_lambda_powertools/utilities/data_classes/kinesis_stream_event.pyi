from aws_lambda_powertools.utilities.data_classes import (
    KinesisStreamEvent as KinesisStreamEvent,
    KinesisStreamRecord as KinesisStreamRecord,
    KinesisStreamRecordPayload as KinesisStreamRecordPayload,
)
