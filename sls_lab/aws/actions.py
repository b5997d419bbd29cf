"""The IAM action that a boto3 method needs.

An action is named after the API operation that it allows, with exceptions: those that the service authorization
reference tells are in `data/actions.json`, the others, and boto3's own methods, in the facts of each service
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
"""

from __future__ import annotations

from sls_lab.aws.registry import facts_of
from sls_lab.aws.tables import table


def client_method(service: str, receiver: str, api: str) -> str:
    """The client's method of the same meaning as a method of a resource class."""
    return facts_of(service).methods.get((receiver, api), api)


def method_action(service: str, method: str) -> str | None:
    """The action of a client's method, such as `s3:PutObject`; None where the method's name does not give it."""
    facts = facts_of(service)
    if method in facts.undecided:
        return None
    told: dict[str, str] = table("actions.json").get(service, {}).get("actions", {})
    name = facts.actions.get(method)
    if name is None:
        name = told.get(method, "".join(word.capitalize() for word in method.split("_")))
    return f"{action_prefix(service)}:{name}" if name else None


def action_prefix(service: str) -> str:
    """How the actions of a boto3 client's service begin."""
    found: str | None = table("actions.json").get(service, {}).get("prefix")
    return found or facts_of(service).word
