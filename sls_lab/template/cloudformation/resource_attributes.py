"""What `Ref` and `Fn::GetAtt` give for each type of resource, and which property holds its name.

Source of every entry: the "Return values" of the type's page in
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html and, for
`AWS::Serverless` types, https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from sls_lab.facts import Pattern
from sls_lab.facts.arn import queue_url, resource_arn

Form = Literal["name", "arn", "url", "stream", "domain"]


@dataclass(frozen=True, slots=True)
class ResourceType:
    """How resources of one type are called.

    `name` is the property with the physical name, `service` the boto3 client whose ARNs it has ("" where the kit does
    not know them), `ref` what `Ref` gives, `attributes` what `Fn::GetAtt` gives beyond `Arn`.
    """

    name: str | None
    service: str
    ref: Form = "name"
    attributes: Mapping[str, Form] = field(default_factory=dict)


_STREAM: Mapping[str, Form] = MappingProxyType({"StreamArn": "stream"})
_TABLE = ResourceType("TableName", "dynamodb", "name", _STREAM)
_FUNCTION = ResourceType("FunctionName", "lambda")

TYPES: Mapping[str, ResourceType] = MappingProxyType(
    {
        "AWS::S3::Bucket": ResourceType(
            "BucketName",
            "s3",
            "name",
            {"DomainName": "domain", "RegionalDomainName": "domain"},
        ),
        "AWS::SQS::Queue": ResourceType("QueueName", "sqs", "url", {"QueueName": "name", "QueueUrl": "url"}),
        "AWS::SNS::Topic": ResourceType("TopicName", "sns", "arn", {"TopicName": "name", "TopicArn": "arn"}),
        "AWS::DynamoDB::Table": _TABLE,
        "AWS::DynamoDB::GlobalTable": _TABLE,
        "AWS::Serverless::SimpleTable": _TABLE,
        "AWS::Kinesis::Stream": ResourceType("Name", "kinesis"),
        "AWS::KinesisFirehose::DeliveryStream": ResourceType("DeliveryStreamName", "firehose"),
        "AWS::Lambda::Function": _FUNCTION,
        "AWS::Serverless::Function": _FUNCTION,
        "AWS::Events::EventBus": ResourceType("Name", "events", "name", {"Name": "name"}),
        "AWS::Events::Rule": ResourceType("Name", ""),
        "AWS::StepFunctions::StateMachine": ResourceType("StateMachineName", "states", "arn", {"Name": "name"}),
        "AWS::Serverless::StateMachine": ResourceType("Name", "states", "arn", {"Name": "name"}),
        "AWS::IAM::Role": ResourceType("RoleName", "iam"),
        "AWS::IAM::ManagedPolicy": ResourceType("ManagedPolicyName", "iam-policy", "arn", {"PolicyArn": "arn"}),
        "AWS::SecretsManager::Secret": ResourceType("Name", "secretsmanager", "arn", {"Id": "arn"}),
        "AWS::SSM::Parameter": ResourceType("Name", "ssm"),
        "AWS::Logs::LogGroup": ResourceType("LogGroupName", "logs"),
        "AWS::KMS::Key": ResourceType(None, "kms"),
        "AWS::Scheduler::Schedule": ResourceType("Name", "scheduler"),
        "AWS::Pipes::Pipe": ResourceType("Name", "pipes"),
        "AWS::SES::EmailIdentity": ResourceType("EmailIdentity", "ses"),
        "AWS::Lambda::LayerVersion": ResourceType("LayerName", "lambda-layer", "arn"),
        "AWS::Serverless::LayerVersion": ResourceType("LayerName", "lambda-layer", "arn"),
        "AWS::Cognito::UserPool": ResourceType(None, "cognito-idp", "name", {"UserPoolId": "name"}),
    }
)

_UNKNOWN = ResourceType(None, "")


def resource_type(type_name: str) -> ResourceType:
    """The entry of a CloudFormation type; for one the kit does not know, names are generated."""
    return TYPES.get(type_name, _UNKNOWN)


def reference(type_name: str, name: Pattern, region: Pattern) -> Pattern:
    """What `Ref` gives for a resource of this type called `name`."""
    kind = resource_type(type_name)
    return _formed(kind, kind.ref, name, region)


def attribute(type_name: str, name: Pattern, key: str, region: Pattern) -> Pattern | None:
    """What `Fn::GetAtt` gives for the attribute `key`, None where the kit does not know it."""
    kind = resource_type(type_name)
    if key in kind.attributes:
        return _formed(kind, kind.attributes[key], name, region)
    if key == "Arn" and kind.service:
        return _formed(kind, "arn", name, region)
    return None


def _formed(kind: ResourceType, form: Form, name: Pattern, region: Pattern) -> Pattern:
    match form:
        case "name":
            return name
        case "url":
            return queue_url(name, region=region)
        case "domain":
            return Pattern.of(name, ".s3.amazonaws.com")
        case "stream":
            stream = Pattern.of("/stream/", Pattern.fixed(f"{name} stream"))
            return resource_arn("dynamodb", name, region=region) + stream
        case "arn":
            return _arn(kind.service, name, region)


def _arn(service: str, name: Pattern, region: Pattern) -> Pattern:
    # IAM has no region, and a role's path, if any, stands before its name.
    if service == "iam":
        return Pattern.of("arn:aws:iam::", Pattern.fixed("AWS::AccountId"), ":role/", name)
    if service == "iam-policy":
        return Pattern.of("arn:aws:iam::", Pattern.fixed("AWS::AccountId"), ":policy/", name)
    if service == "lambda-layer":
        layer = Pattern.of("layer:", name, ":", Pattern.fixed(f"{name} version"))
        return Pattern.of("arn:aws:lambda:", region, ":", Pattern.fixed("AWS::AccountId"), ":", layer)
    if service == "cognito-idp":
        return Pattern.of("arn:aws:cognito-idp:", region, ":", Pattern.fixed("AWS::AccountId"), ":userpool/", name)
    return resource_arn(service, name, region=region)
