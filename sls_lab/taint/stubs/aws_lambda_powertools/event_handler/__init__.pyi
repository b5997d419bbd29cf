from aws_lambda_powertools.event_handler.api_gateway import (
    ALBResolver as ALBResolver,
    APIGatewayHttpResolver as APIGatewayHttpResolver,
    APIGatewayRestResolver as APIGatewayRestResolver,
    ApiGatewayResolver as ApiGatewayResolver,
    CORSConfig as CORSConfig,
    Response as Response,
)
from aws_lambda_powertools.event_handler.appsync import AppSyncResolver as AppSyncResolver
from aws_lambda_powertools.event_handler.lambda_function_url import (
    LambdaFunctionUrlResolver as LambdaFunctionUrlResolver,
)
from aws_lambda_powertools.event_handler.vpc_lattice import (
    VPCLatticeResolver as VPCLatticeResolver,
    VPCLatticeV2Resolver as VPCLatticeV2Resolver,
)
