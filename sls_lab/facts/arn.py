"""Names, URLs and ARNs of resources, as patterns.

Code and templates call one resource by different strings: a queue by its URL, its ARN or its name, a function by
name, alias, partial or full ARN. Events are linked by the *name*, which is what remains when the wrapping is taken off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sls_lab.facts.pattern import Pattern

REGION = Pattern.fixed("AWS::Region")
ACCOUNT = Pattern.fixed("AWS::AccountId")
PARTITION = Pattern.of("aws")


@dataclass(frozen=True, slots=True)
class Arn:
    """The fields of one ARN, `arn:partition:service:region:account:resource`; the resource may hold colons.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """

    partition: Pattern
    service: Pattern
    region: Pattern
    account: Pattern
    resource: Pattern


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a service writes a resource: what stands before its name in the ARN, and what ends the name."""

    before: str
    after: str
    service: str = ""
    regional: bool = True


# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_SHAPES: Mapping[str, _Shape] = MappingProxyType(
    {
        "s3": _Shape("", "/", regional=False),
        "sqs": _Shape("", ""),
        "sns": _Shape("", ":"),
        "dynamodb": _Shape("table/", "/"),
        "dynamodbstreams": _Shape("table/", "/", "dynamodb"),
        "kinesis": _Shape("stream/", "/"),
        "firehose": _Shape("deliverystream/", "/"),
        "events": _Shape("event-bus/", "/"),
        "lambda": _Shape("function:", ":"),
        "states": _Shape("stateMachine:", ":"),
        "stepfunctions": _Shape("stateMachine:", ":", "states"),
        "secretsmanager": _Shape("secret:", ""),
        "ssm": _Shape("parameter/", ""),
        "logs": _Shape("log-group:", ":"),
        "iot": _Shape("topic/", ""),
        "scheduler": _Shape("schedule/", ""),
        "pipes": _Shape("pipe/", ""),
        "ses": _Shape("identity/", ""),
        "kms": _Shape("key/", ""),
    }
)


def parse_arn(value: Pattern) -> Arn | None:
    """The fields of `value` where it is written as an ARN, else None; a hole is never looked into."""
    pieces = value.split(":")
    if len(pieces) < 6 or pieces[0].text != "arn":
        return None
    return Arn(pieces[1], pieces[2], pieces[3], pieces[4], _join(":", pieces[5:]))


def arn_name(service: str, value: Pattern) -> Pattern:
    """The name of the resource that `value` (a name, URL or ARN) means to `service` (a boto3 client's name).

    The result is a bucket, queue, topic, table, stream, bus, function or state machine name. What is no ARN or URL is
    taken for the name; an unknown string stays unknown.
    Sources: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (function names and partial ARNs),
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html.
    """
    if service == "lambda":
        return _function_name(value)
    if service == "sqs" and parse_arn(value) is None:
        return value.split("/")[-1]
    if service == "s3":
        value = _without(value, "s3://")
    shape = _SHAPES.get(service, _Shape("", ""))
    arn = parse_arn(value)
    resource = arn.resource if arn else value
    if service in ("states", "stepfunctions") and arn:
        # An execution's ARN (`execution:MACHINE:id`, `express:MACHINE:id:id`) names its machine in the same place.
        resource = _without(_without(resource, "execution:"), "express:")
    if service == "iot" and arn is None:
        return value
    name = _without(resource, shape.before) if shape.before else resource
    if arn is None and service not in ("s3", "events", "dynamodb", "kinesis"):
        return name
    return name.split(shape.after)[0] if shape.after else name


def resource_arn(service: str, name: Pattern, *, region: Pattern = REGION, account: Pattern = ACCOUNT) -> Pattern:
    """The ARN of the resource called `name` in `service` (a boto3 client's name); S3 has no region nor account."""
    shape = _SHAPES.get(service, _Shape("", ""))
    place = Pattern.of(region, ":", account) if shape.regional else Pattern.of(":")
    return Pattern.of("arn:", PARTITION, f":{shape.service or service}:", place, ":", shape.before, name)


def queue_url(name: Pattern, *, region: Pattern = REGION, account: Pattern = ACCOUNT) -> Pattern:
    """The URL of the queue called `name`."""
    return Pattern.of("https://sqs.", region, ".amazonaws.com/", account, "/", name)


def _function_name(value: Pattern) -> Pattern:
    # The last `function:` decides, so that an API integration (…:path/…/functions/arn:…:function:NAME/invocations)
    # gives its function as well.
    pieces = value.split(":")
    for index in range(len(pieces) - 2, -1, -1):
        if pieces[index].text == "function":
            return pieces[index + 1].split("/")[0]
    return pieces[0]


def _without(value: Pattern, prefix: str) -> Pattern:
    first = value.parts[0] if value.parts else ""
    if isinstance(first, str) and first.startswith(prefix):
        return Pattern.of(first[len(prefix) :], *value.parts[1:])
    return value


def _join(separator: str, pieces: tuple[Pattern, ...]) -> Pattern:
    joined = pieces[0]
    for piece in pieces[1:]:
        joined = Pattern.of(joined, separator, piece)
    return joined
