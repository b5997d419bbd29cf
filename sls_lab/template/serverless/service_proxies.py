"""Routes of the plugin serverless-apigateway-service-proxy, which lead straight into a service.

Source: https://github.com/serverless-operations/serverless-apigateway-service-proxy
"""

from __future__ import annotations

from collections.abc import Mapping

from sls_lab.aws.arn import arn_name
from sls_lab.facts import Pattern, Reason
from sls_lab.template.serverless.service import ServerlessService
from sls_lab.template.shared.trigger_collector import Collector, settings

PLUGIN = "serverless-apigateway-service-proxy"
# The boto3 client of each kind of proxy, and where it names the resource.
_KINDS: Mapping[str, tuple[str, str]] = {
    "sqs": ("sqs", "queueName"),
    "sns": ("sns", "topicName"),
    "kinesis": ("kinesis", "streamName"),
    "s3": ("s3", "bucket"),
    "dynamodb": ("dynamodb", "tableName"),
    "eventbridge": ("events", "eventBusName"),
}
_READING = frozenset({"GetObject", "GetItem", "Query", "DeleteObject", "DeleteItem"})


def read_proxies(service: ServerlessService, collector: Collector) -> None:
    """Note what the plugin's routes let anyone send to."""
    written = service.find("custom", "apiGatewayServiceProxies") if service.uses(PLUGIN) else None
    for item in written.listed() if written is not None else ():
        for kind, node in item.mapping.items():
            client, key = _KINDS.get(kind, ("", ""))
            action, named = node.get("action"), node.get(key)
            if not client or (action is not None and action.text in _READING):
                continue
            known = named.pattern if named is not None else None
            name = arn_name(client, known) if known is not None else Pattern.any(key)
            if client == "events" and named is None:
                name = Pattern.of("default")
            why = (Reason(f"a route of the plugin lets anyone write to {name}", node.span),)
            given = settings(source=node.get("source"), detailType=node.get("detailType"))
            collector.open_to_all(client, name, node.span, why, given if client == "events" else None)
