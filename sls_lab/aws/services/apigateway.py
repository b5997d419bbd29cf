"""Amazon API Gateway: REST, HTTP and WebSocket APIs."""

from __future__ import annotations

from sls_lab.aws.model import Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="apigateway",
    triggers=(
        TriggerFacts("http", "public", principal=("apigateway.amazonaws.com",)),
        TriggerFacts("httpApi", "public"),
        TriggerFacts("websocket", "public"),
        TriggerFacts("authorizer", "public"),
    ),
    routes=(
        Route("AWS::ApiGateway::Authorizer", "authorizer", (Target("AuthorizerUri"),)),
        Route("AWS::ApiGatewayV2::Authorizer", "authorizer", (Target("AuthorizerUri"),)),
    ),
)
