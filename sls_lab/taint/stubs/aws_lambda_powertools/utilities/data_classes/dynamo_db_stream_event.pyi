from aws_lambda_powertools.utilities.data_classes import (
    DynamoDBRecord as DynamoDBRecord,
    DynamoDBStreamEvent as DynamoDBStreamEvent,
    StreamRecord as StreamRecord,
)
