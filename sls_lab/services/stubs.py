"""The class that describes a boto3 client or resource, by the names of the public `mypy_boto3_*` packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: boto3-stubs (https://pypi.org/project/boto3-stubs/) names a client after the service's id in botocore's data
_CLIENTS: Final[Mapping[str, str]] = {
    "athena": "AthenaClient",
    "cognito-idp": "CognitoIdentityProviderClient",
    "dynamodb": "DynamoDBClient",
    "events": "EventBridgeClient",
    "firehose": "FirehoseClient",
    "iam": "IAMClient",
    "kinesis": "KinesisClient",
    "lambda": "LambdaClient",
    "rds-data": "RDSDataServiceClient",
    "s3": "S3Client",
    "secretsmanager": "SecretsManagerClient",
    "ses": "SESClient",
    "sesv2": "SESV2Client",
    "sns": "SNSClient",
    "sqs": "SQSClient",
    "ssm": "SSMClient",
    "stepfunctions": "SFNClient",
    "sts": "STSClient",
}

#: the classes of boto3's resources that applications pass around
_RESOURCES: Final[Mapping[tuple[str, str], str]] = {
    ("dynamodb", "BatchWriter"): "BatchWriter",
    ("dynamodb", "ServiceResource"): "DynamoDBServiceResource",
    ("dynamodb", "Table"): "Table",
    ("s3", "Bucket"): "Bucket",
    ("s3", "Object"): "Object",
    ("s3", "ObjectSummary"): "ObjectSummary",
    ("s3", "ServiceResource"): "S3ServiceResource",
    ("sns", "ServiceResource"): "SNSServiceResource",
    ("sns", "Topic"): "Topic",
    ("sqs", "Queue"): "Queue",
    ("sqs", "ServiceResource"): "SQSServiceResource",
}


def stub_class(service: str, receiver: str) -> tuple[str, str] | None:
    """The module and class for what a method is called on (`client`, `Bucket`, …); None where the kit has none."""
    package = f"mypy_boto3_{service.replace('-', '_')}"
    if receiver == "client":
        return (f"{package}.client", _CLIENTS[service]) if service in _CLIENTS else None
    name = _RESOURCES.get((service, receiver))
    return (f"{package}.service_resource", name) if name else None
