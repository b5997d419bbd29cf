from aws_lambda_powertools.utilities.data_classes import (
    SQSEvent as SQSEvent,
    SQSRecord as SQSRecord,
)
