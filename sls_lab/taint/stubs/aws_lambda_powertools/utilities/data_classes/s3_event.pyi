from aws_lambda_powertools.utilities.data_classes import (
    S3Event as S3Event,
    S3EventRecord as S3EventRecord,
    S3Message as S3Message,
)
