"""Names, URLs and ARNs of resources, as patterns.

Code and templates call one resource by different strings: a queue by its URL, its ARN or its name, a function by
name, alias, partial or full ARN. Events are linked by the *name*, which is what remains when the wrapping is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.aws.model import ArnShape
from sls_lab.aws.registry import facts_of
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


def parse_arn(value: Pattern) -> Arn | None:
    """The fields of `value` where it is written as an ARN, else None; a hole is never looked into."""
    pieces = value.split(":")
    if len(pieces) < 6 or pieces[0].text != "arn":
        return None
    return Arn(pieces[1], pieces[2], pieces[3], pieces[4], _join(":", pieces[5:]))


def arn_name(service: str, value: Pattern) -> Pattern:
    """The name of the resource that `value` (a name, URL or ARN) means to `service` (a boto3 client's name).

    The result is a bucket, queue, topic, table, stream, bus, function or state machine name. Anything else
    than an ARN or URL is taken for the name; an unknown string stays unknown.
    Sources: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (function names and partial ARNs),
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html.
    """
    if service == "lambda":
        return _function_name(value)
    if service == "sqs" and parse_arn(value) is None:
        return value.split("/")[-1]
    shape = facts_of(service).arn
    if shape.scheme:
        value = _without(value, shape.scheme)
    arn = parse_arn(value)
    if arn is None:
        return value.split(shape.after)[0] if shape.cut else value
    resource = arn.resource
    for word in (shape.before, *shape.also):
        resource = _without(resource, word)
    return resource.split(shape.after)[0] if shape.after else resource


def resource_arn(service: str, name: Pattern, *, region: Pattern = REGION, account: Pattern = ACCOUNT) -> Pattern:
    """The ARN of the resource called `name` in `service` (a boto3 client's name); S3 has no region nor account."""
    facts = facts_of(service)
    return shaped_arn(facts.word, facts.arn, name, region=region, account=account)


def shaped_arn(
    word: str, shape: ArnShape, name: Pattern, *, region: Pattern = REGION, account: Pattern = ACCOUNT
) -> Pattern:
    """The ARN of the resource called `name` in the service that ARNs call `word`."""
    place = Pattern.of(region if shape.region else "", ":", account if shape.account else "")
    return Pattern.of("arn:", PARTITION, f":{word}:", place, ":", shape.before, name)


def queue_url(name: Pattern, *, region: Pattern = REGION, account: Pattern = ACCOUNT) -> Pattern:
    """The URL of the queue called `name`."""
    return Pattern.of("https://sqs.", region, ".amazonaws.com/", account, "/", name)


def place_of(service: str, value: Pattern) -> tuple[str | None, str | None] | None:
    """The region and the account of a resource that is written as an ARN, or as a queue's URL; None for a name alone.

    Each is None where it is not known.
    """
    arn = parse_arn(value)
    if arn is not None:
        return arn.region.text or None, arn.account.text or None
    pieces = value.split("/")
    host = (pieces[2].text or "").split(".") if service == "sqs" and len(pieces) == 5 else []
    if len(host) < 4 or host[0] != "sqs":
        return None
    return host[1], pieces[3].text or None


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
