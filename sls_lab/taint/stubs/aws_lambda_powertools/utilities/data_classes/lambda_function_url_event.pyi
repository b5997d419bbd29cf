from aws_lambda_powertools.utilities.data_classes import (
    LambdaFunctionUrlEvent as LambdaFunctionUrlEvent,
)
