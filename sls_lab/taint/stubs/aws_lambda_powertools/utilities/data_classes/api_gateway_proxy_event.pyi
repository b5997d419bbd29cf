from aws_lambda_powertools.utilities.data_classes import (
    APIGatewayProxyEvent as APIGatewayProxyEvent,
    APIGatewayProxyEventV2 as APIGatewayProxyEventV2,
)
