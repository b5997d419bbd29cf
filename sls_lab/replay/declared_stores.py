"""The stores of a deployment, and its functions, as they are described to the child process."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sls_lab.replay.declared_secrets import secret_string
from sls_lab.replay.deployment import Deployment, function_arn, is_fifo, plain
from sls_lab.template.model import Function, Resource, Template
from sls_lab.template.serverless.plugin_handlers import WSGI_HANDLERS

_KEYS: Final = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes")
_VIEW: Final = "NEW_AND_OLD_IMAGES"


def stores(deployment: Deployment) -> list[dict[str, Any]]:
    """What the template declares, and buckets, tables, … of others that its triggers listen to."""
    template = deployment.template
    found = [one for resource in template.resources if (one := _store(resource, template)) is not None]
    names = {(one["type"], one["name"]) for one in found}
    for type, name, given in _listened_to(template):
        if (type, name) not in names:
            names.add((type, name))
            found.append({"type": type, "label": name, "name": name, "with": given})
    return found


def functions(deployment: Deployment) -> dict[str, dict[str, Any]]:
    """The Python functions that have a file, by name."""
    return {
        function.name: _function(function, deployment)
        for function in deployment.template.functions
        if function.language == "python" and function.file is not None and function.handler is not None
    }


def _function(function: Function, deployment: Deployment) -> dict[str, Any]:
    """The environment holds what Lambda sets beside the template's variables.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    region, name = deployment.region, str(function.deployed_name)
    layers = dict.fromkeys((*function.layers, *deployment.template.layers))
    environment = {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime or 'python3.12'}",
        "LAMBDA_TASK_ROOT": "/var/task",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_SESSION_TOKEN": "not-a-token",
        "AWS_EC2_METADATA_DISABLED": "true",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "AWS_XRAY_SDK_ENABLED": "false",
        "TZ": ":UTC",
        "LANG": "en_US.UTF-8",
        "PATH": "/var/lang/bin:/usr/bin:/bin",
    }
    environment |= {variable.name: str(variable.value) for variable in function.environment.values()}
    return {
        "deployed": name,
        "arn": function_arn(function, region),
        "memory": 1024,
        "handler": _handler(function),
        "wsgi": _wsgi(function),
        "roots": [function.code_root, *layers],
        "environment": environment,
    }


def _handler(function: Function) -> str:
    """The handler as Lambda reads it, relative to the function's code."""
    assert function.file is not None
    file = function.file.removeprefix(f"{function.code_root}/") if function.code_root else function.file
    return f"{file.removesuffix('.py')}.{function.attribute or 'handler'}"


def _wsgi(function: Function) -> bool:
    """Whether a plugin's handler passes requests to what the template names, which is an application of WSGI."""
    assert function.file is not None
    written = posixpath.normpath(function.handler or "")
    return written in WSGI_HANDLERS and not function.file.endswith(f"{written.split('.')[0]}.py")


def _store(resource: Resource, template: Template) -> dict[str, Any] | None:
    made = _MAKERS.get(resource.type)
    if made is None:
        return None
    type, maker = made
    return {
        "type": type,
        "label": resource.logical_id,
        "name": str(resource.name).lstrip("/") if type == "log" else str(resource.name),
        "with": maker(resource, template),
    }


def _table(resource: Resource, template: Template) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html"""
    properties = resource.properties
    given = {word: plain(properties.get(word)) for word in _KEYS if properties.get(word) is not None}
    for index in given.get("GlobalSecondaryIndexes", []):
        index.pop("ProvisionedThroughput", None)
    if resource.type == "AWS::Serverless::SimpleTable" and not given:
        key = plain(properties.get("PrimaryKey")) or {"Name": "id", "Type": "String"}
        kind = {"Number": "N", "Binary": "B"}.get(str(key.get("Type")), "S")
        given = _keyed(str(key.get("Name", "id")), kind)
    view = plain(properties.get("StreamSpecification", "StreamViewType"))
    return {**given, "BillingMode": "PAY_PER_REQUEST", **_streaming(str(resource.name), view, template)}


def _streaming(name: str, view: Any, template: Template) -> dict[str, Any]:
    """The stream of a table: as declared, or with both images where a trigger listens to it all the same."""
    listened = any(
        trigger.service == "dynamodb" and str(trigger.resource) == name
        for function in template.functions
        for trigger in function.triggers
    )
    if view is None and not listened:
        return {}
    return {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": view or _VIEW}}


def _keyed(name: str, kind: str) -> dict[str, Any]:
    return {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind}],
        "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}],
    }


def _queue(resource: Resource, template: Template) -> dict[str, Any]:
    attributes = {}
    if is_fifo(resource):
        attributes["FifoQueue"] = "true"
        if plain(resource.properties.get("ContentBasedDeduplication")) in (True, "true"):
            attributes["ContentBasedDeduplication"] = "true"
    return {"Attributes": attributes} if attributes else {}


def _stream(resource: Resource, template: Template) -> dict[str, Any]:
    return {"ShardCount": 1}


def _parameter(resource: Resource, template: Template) -> dict[str, Any]:
    value = plain(resource.properties.get("Value"))
    return {"Value": str(value) if value else "value", "Type": str(plain(resource.properties.get("Type")) or "String")}


def _secret(resource: Resource, template: Template) -> dict[str, Any]:
    return {"SecretString": secret_string(plain(resource.properties))}


def _nothing(resource: Resource, template: Template) -> dict[str, Any]:
    return {}


_MAKERS: Final[Mapping[str, tuple[str, Any]]] = {
    "AWS::S3::Bucket": ("bucket", _nothing),
    "AWS::DynamoDB::Table": ("table", _table),
    "AWS::DynamoDB::GlobalTable": ("table", _table),
    "AWS::Serverless::SimpleTable": ("table", _table),
    "AWS::SQS::Queue": ("queue", _queue),
    "AWS::SNS::Topic": ("topic", _nothing),
    "AWS::Kinesis::Stream": ("stream", _stream),
    "AWS::Events::EventBus": ("bus", _nothing),
    "AWS::SSM::Parameter": ("parameter", _parameter),
    "AWS::SecretsManager::Secret": ("secret", _secret),
    "AWS::Cognito::UserPool": ("pool", _nothing),
    "AWS::Logs::LogGroup": ("log", _nothing),
}


def _listened_to(template: Template) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Resources that triggers and relays name and no template here declares."""
    kinds = {"s3": "bucket", "sqs": "queue", "sns": "topic", "dynamodb": "table", "kinesis": "stream", "events": "bus"}
    named = [
        (trigger.service, str(trigger.resource))
        for function in template.functions
        for trigger in function.triggers
        if trigger.service is not None and trigger.resource is not None
    ]
    for relay in template.relays:
        named += [(relay.source_service, str(relay.source)), (relay.target_service, str(relay.target))]
    for service, name in named:
        kind = kinds.get(service)
        if kind is None or (kind == "bus" and name == "default"):
            continue
        given: dict[str, Any] = {}
        if kind == "table":
            given = {**_keyed("id", "S"), "BillingMode": "PAY_PER_REQUEST", **_streaming(name, None, template)}
        elif kind == "stream":
            given = {"ShardCount": 1}
        elif kind == "queue" and name.endswith(".fifo"):
            given = {"Attributes": {"FifoQueue": "true"}}
        yield kind, name, given
