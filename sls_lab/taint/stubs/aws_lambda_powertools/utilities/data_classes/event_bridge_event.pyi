from aws_lambda_powertools.utilities.data_classes import (
    EventBridgeEvent as EventBridgeEvent,
)
