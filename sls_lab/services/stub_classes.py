"""The stub package and class that types what a boto3 method is called on.

The names are those of https://pypi.org/project/boto3-stubs/.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "apigatewaymanagementapi": "ApiGatewayManagementApi",
        "bedrock-runtime": "BedrockRuntime",
        "cloudformation": "CloudFormation",
        "cloudwatch": "CloudWatch",
        "codebuild": "CodeBuild",
        "cognito-idp": "CognitoIdentityProvider",
        "dynamodb": "DynamoDB",
        "ec2": "EC2",
        "ecs": "ECS",
        "events": "EventBridge",
        "iam": "IAM",
        "iot-data": "IoTDataPlane",
        "kms": "KMS",
        "logs": "CloudWatchLogs",
        "opensearch": "OpenSearchService",
        "rds-data": "RDSDataService",
        "redshift-data": "RedshiftDataAPIService",
        "s3": "S3",
        "scheduler": "EventBridgeScheduler",
        "secretsmanager": "SecretsManager",
        "ses": "SES",
        "sesv2": "SESV2",
        "sns": "SNS",
        "sqs": "SQS",
        "ssm": "SSM",
        "stepfunctions": "SFN",
        "sts": "STS",
        "timestream-query": "TimestreamQuery",
        "transcribe": "TranscribeService",
        **{
            word.lower(): word
            for word in (
                "Athena", "Batch", "Comprehend", "Firehose", "Glue", "Kinesis", "Lambda", "Pinpoint", "Polly",
                "Rekognition", "Textract", "Translate",
            )
        },
    }
)  # fmt: skip
_WITH_RESOURCES = frozenset({"cloudformation", "cloudwatch", "dynamodb", "ec2", "iam", "s3", "sns", "sqs"})


def stub_class(service: str, receiver: str) -> tuple[str, str] | None:
    """The module and class for a `BotoCall`'s service and receiver: `("mypy_boto3_s3.client", "S3Client")`.

    None for paginators and waiters, whose class depends on the operation, and for services without stubs.
    """
    word = _WORDS.get(service)
    if word is None or receiver in ("Paginator", "Waiter") or not receiver:
        return None
    module = f"mypy_boto3_{service.replace('-', '_')}"
    if receiver == "client":
        return f"{module}.client", f"{word}Client"
    if service not in _WITH_RESOURCES or not receiver.isidentifier():
        return None
    name = f"{word}ServiceResource" if receiver == "ServiceResource" else receiver
    return f"{module}.service_resource", name
