"""Amazon DynamoDB.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html (what PartiQL needs).
"""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, Route, ServiceFacts, Target, TriggerFacts

FACTS = (
    ServiceFacts(
        client="dynamodb",
        arn=ArnShape("table/", "/", cut=True),
        types={
            "AWS::DynamoDB::Table": ResourceType("TableName", attributes={"StreamArn": "stream"}),
            "AWS::DynamoDB::GlobalTable": ResourceType("TableName", attributes={"StreamArn": "stream"}),
            "AWS::Serverless::SimpleTable": ResourceType("TableName", attributes={"StreamArn": "stream"}),
        },
        raising=frozenset({"put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items"}),
        actions={"transact_get_items": "GetItem"},
        undecided=frozenset(
            {"execute_statement", "batch_execute_statement", "execute_transaction", "transact_write_items"}
        ),
        methods={
            ("BatchWriter", "put_item"): "batch_write_item",
            ("BatchWriter", "delete_item"): "batch_write_item",
        },
        target=True,
        routes=(
            Route(
                "AWS::DynamoDB::Table",
                "stream",
                (Target("KinesisStreamSpecification.StreamArn", "kinesis"),),
                source="",
            ),
            Route(
                "AWS::DynamoDB::GlobalTable",
                "stream",
                (Target("Replicas[].KinesisStreamSpecification.StreamArn", "kinesis"),),
                source="",
            ),
        ),
        triggers=(
            TriggerFacts("stream", polled=True, raised=True, sam_policy={"DynamoDB": "AWSLambdaDynamoDBExecutionRole"}),
        ),
    ),
    ServiceFacts(client="dynamodbstreams", arn_service="dynamodb", arn=ArnShape("table/", "/")),
)
