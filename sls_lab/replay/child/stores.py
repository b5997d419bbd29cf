"""What the template declares and handlers use: buckets, tables, queues, … made in moto.

https://docs.getmoto.org/en/latest/docs/services/index.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sls_lab.replay.child.services import Services

_HERE: Final = "us-east-1"


def make_stores(services: Services, stores: Sequence[Mapping[str, Any]], region: str) -> dict[str, str]:
    """Make each store; returns, by label, the identifiers that AWS makes up and the template refers to.

    A store is `{"type", "label", "name", "with"}`; `with` are the arguments of the call that makes it. One that cannot
    be made is reported as `!` and its label.
    """
    made: dict[str, str] = {}
    for store in stores:
        try:
            made |= _make(services, store, region)
        except (services._exceptions.ClientError, services._exceptions.BotoCoreError, NotImplementedError) as error:
            made["!" + store["label"]] = str(error) or type(error).__name__
    return made


def _make(services: Services, store: Mapping[str, Any], region: str) -> dict[str, str]:
    given = dict(store["with"])
    label, name = store["label"], store["name"]

    def call(service: str, api: str, **arguments: Any) -> Any:
        return services.own(service, region, api, arguments)

    match store["type"]:
        case "bucket":
            if region != _HERE:
                given["CreateBucketConfiguration"] = {"LocationConstraint": region}
            call("s3", "create_bucket", Bucket=name, **given)
        case "table":
            call("dynamodb", "create_table", TableName=name, **given)
        case "queue":
            call("sqs", "create_queue", QueueName=name, **given)
        case "topic":
            call("sns", "create_topic", Name=name, **given)
        case "stream":
            call("kinesis", "create_stream", StreamName=name, **given)
        case "bus":
            call("events", "create_event_bus", Name=name)
        case "parameter":
            call("ssm", "put_parameter", Name=name, **given)
        case "secret":
            call("secretsmanager", "create_secret", Name=name, **given)
        case "pool":
            return {label: call("cognito-idp", "create_user_pool", PoolName=name)["UserPool"]["Id"]}
        case "log":
            call("logs", "create_log_group", logGroupName=name)
    return {}
