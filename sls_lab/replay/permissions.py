"""Whether a role allows a call that is made: the template room's decision, and AWS's words where it does not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sls_lab.aws.arn import resource_arn
from sls_lab.code.model import Argument, BotoCall
from sls_lab.facts import Pattern, Span, Verdict
from sls_lab.replay.deployment import ACCOUNT
from sls_lab.replay.exchange import readable
from sls_lab.replay.raised_events import name_of
from sls_lab.replay.stations import literal
from sls_lab.services import needed_by
from sls_lab.services.actions import action_of
from sls_lab.template.iam.decision import decide
from sls_lab.template.model import Function

_HERE: Final = Span("", 1, 0, 1, 0)
#: The error codes of services that do not say AccessDeniedException.
_CODES: Final = {"s3": "AccessDenied", "sqs": "AccessDenied", "sns": "AuthorizationError", "sts": "AccessDenied"}
#: The argument that names what a call acts on, for calls that raise no events.
_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "s3": ("Bucket",),
    "dynamodb": ("TableName",),
    "sqs": ("QueueUrl", "QueueName"),
    "sns": ("TopicArn",),
    "kinesis": ("StreamName", "StreamARN"),
    "secretsmanager": ("SecretId",),
    "ssm": ("Name",),
    "lambda": ("FunctionName",),
    "stepfunctions": ("stateMachineArn",),
}


def refusal(
    function: Function, service: str, api: str, arguments: Mapping[str, Any], region: str
) -> dict[str, str] | None:
    """The error that AWS answers a call with that the role does not allow; None where it does, or may.

    `arguments` are those that boto3 was given.
    """
    for action, resources in _needed(function, service, api, arguments):
        if all(decide(function.role, action, resource).verdict is Verdict.NO for resource in resources):
            return _error(function, service, action, resources[0], region)
    return None


def _needed(
    function: Function, service: str, api: str, arguments: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    call = _as_written(function, service, api, arguments)
    known = needed_by(call)
    if known:
        yield from ((action, (resource,)) for action, resource in known)
        return
    action = action_of(call)
    if action is not None:
        yield action, _resources(service, arguments)


def _resources(service: str, arguments: Mapping[str, Any]) -> tuple[Pattern, ...]:
    """The ARNs that may be meant by what a call acts on; one of which nothing is known where that is not told here."""
    given = next((arguments[word] for word in _NAMED.get(service, ()) if isinstance(arguments.get(word), str)), None)
    if given is None:
        return (Pattern.any("resource"),)
    name = name_of(service, given)
    if service == "s3":
        key = arguments.get("Key")
        return (resource_arn("s3", Pattern.of(name + (f"/{key}" if isinstance(key, str) else ""))),)
    if service == "secretsmanager":
        # AWS adds six characters that nobody chooses; a template that means the secret is read without them.
        return (
            resource_arn(service, Pattern.of(name, "-", Pattern.any("suffix"))),
            resource_arn(service, Pattern.of(name)),
        )
    return (resource_arn(service, Pattern.of(given.lstrip("/") if service == "ssm" else name)),)


def _as_written(function: Function, service: str, api: str, arguments: Mapping[str, Any]) -> BotoCall:
    """The call as the services room knows it: with every argument written out."""
    given = {name: _argument(name, value) for name, value in readable(arguments).items()}
    keywords = [ast.keyword(name, one.node) for name, one in given.items() if one.node is not None]
    node = ast.Call(ast.Name(service, ast.Load()), [], keywords)
    return BotoCall(function.name, service, "client", api, given, node, "", _HERE)


def _argument(name: str, value: Any) -> Argument:
    values = (Pattern.of(value),) if isinstance(value, str) else ()
    return Argument(name, literal(value), values, _HERE)


def _error(function: Function, service: str, action: str, resource: Pattern, region: str) -> dict[str, str]:
    role = f"arn:aws:sts::{ACCOUNT}:assumed-role/{function.deployed_name}-role/{function.deployed_name}"
    where = str(resource).replace("{AWS::Region}", region).replace("{AWS::AccountId}", ACCOUNT)
    why = f"because no identity-based policy allows the {action} action"
    message = f"User: {role} is not authorized to perform: {action} on resource: {where} {why}"
    return {"Code": _CODES.get(service, "AccessDeniedException"), "Message": message}
