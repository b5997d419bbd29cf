"""Calls of AWS that are dangerous by what they are given: which secret, whose group, what is sent to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sls_lab.replay.model import Call, Danger

_NOSQL: Final = ("scan", "query", "get_item", "update_item", "delete_item", "put_item")


def danger_of(call: Call, subscribed: Callable[[str], bool]) -> Danger | None:
    """The danger of a call, None for a harmless one.

    `subscribed` says whether anyone outside the application gets what is published to a topic (its ARN).
    """
    if call.outcome == "refused":
        return None
    found = _SINKS.get((call.service, call.api))
    if found is None:
        return None
    kind, read = found
    value = read(call.arguments)
    if value is None or (kind == "message" and not _leaves(call.arguments, subscribed)):
        return None
    return Danger(kind, f"{call.service}.{call.api}", value, call.span)


def _leaves(arguments: Mapping[str, Any], subscribed: Callable[[str], bool]) -> bool:
    topic = arguments.get("TopicArn") or arguments.get("TargetArn")
    return topic is None or subscribed(str(topic))


def _named(*names: str) -> Callable[[Mapping[str, Any]], Any]:
    """Reads the first of several arguments that is there."""

    def read(arguments: Mapping[str, Any]) -> Any:
        return next((arguments[name] for name in names if name in arguments), None)

    return read


def _all(arguments: Mapping[str, Any]) -> Any:
    return dict(arguments)


def _expressions(arguments: Mapping[str, Any]) -> Any:
    words = ("Expression", "Filter", "KeyConditions", "Expected", "AttributesToGet", "ConditionalOperator")
    found = {name: value for name, value in arguments.items() if name.endswith(words)}
    return found or None


def _keys(arguments: Mapping[str, Any]) -> Any:
    return [one.get("Key") for one in arguments.get("Delete", {}).get("Objects", [])]


_SINKS: Final[Mapping[tuple[str, str], tuple[str, Callable[[Mapping[str, Any]], Any]]]] = {
    **{("dynamodb", api): ("nosql", _expressions) for api in _NOSQL},
    ("dynamodb", "execute_statement"): ("partiql", _named("Statement")),
    ("rds-data", "execute_statement"): ("sql", _named("sql")),
    ("athena", "start_query_execution"): ("sql", _named("QueryString")),
    ("redshift-data", "execute_statement"): ("sql", _named("Sql")),
    ("sns", "publish"): ("message", _named("Message")),
    ("sns", "publish_batch"): ("message", _named("PublishBatchRequestEntries")),
    ("ses", "send_email"): ("mail", _named("Message")),
    ("ses", "send_raw_email"): ("mail", _named("RawMessage")),
    ("ses", "send_templated_email"): ("mail", _named("TemplateData")),
    ("sesv2", "send_email"): ("mail", _named("Content")),
    ("s3", "delete_object"): ("deletion", _named("Key")),
    ("s3", "delete_objects"): ("deletion", _keys),
    ("lambda", "update_function_code"): ("function-code", _all),
    ("lambda", "update_function_configuration"): ("function-configuration", _all),
    ("lambda", "invoke"): ("invocation", _named("FunctionName")),
    ("stepfunctions", "start_execution"): ("invocation", _named("stateMachineArn")),
    ("ssm", "send_command"): ("remote", _named("Parameters")),
    ("secretsmanager", "get_secret_value"): ("secret", _named("SecretId")),
    ("ssm", "get_parameter"): ("secret", _named("Name")),
    ("sts", "assume_role"): ("role", _named("RoleArn")),
    ("iam", "put_role_policy"): ("policy", _named("PolicyDocument")),
    ("iam", "put_user_policy"): ("policy", _named("PolicyDocument")),
    ("iam", "create_policy"): ("policy", _named("PolicyDocument")),
    ("iam", "attach_role_policy"): ("policy", _named("PolicyArn")),
    ("iam", "attach_user_policy"): ("policy", _named("PolicyArn")),
    ("cognito-idp", "admin_add_user_to_group"): ("group", _named("GroupName")),
    ("cognito-idp", "admin_update_user_attributes"): ("group", _named("UserAttributes")),
}
