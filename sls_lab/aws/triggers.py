"""The kinds of trigger: whether they are public, scheduled or internal, and whether the caller waits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sls_lab.aws.actions import action_prefix
from sls_lab.aws.model import Exposure, ServiceFacts, TriggerFacts
from sls_lab.aws.registry import FACTS, trigger_facts


def exposure(kind: str, *, signed: bool = False) -> Exposure:
    """Who can use a trigger of this kind; `signed` says that its caller must sign with IAM.

    A function URL that asks for that signature is not open to outsiders
    (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html); an authoriser does not protect against users who
    pass it.
    """
    found = trigger_facts(kind)
    if found is None or signed:
        return "resource"
    return found[1].exposure


def is_left_with_lambda(kind: str) -> bool:
    """Whether what pulls a trigger of this kind leaves the event with Lambda and does not wait for the result."""
    found = trigger_facts(kind)
    return found is not None and found[1].asynchronous


def polling_prefix(kind: str, service: str | None) -> str | None:
    """How the actions begin by which Lambda polls for a trigger with the function's role; None where it does not."""
    found = trigger_facts(kind, service)
    return action_prefix(found[0].client) if found is not None and found[1].polled else None


#: the service and the kind of trigger by SAM's type of event, for those of which the facts say all
BY_SAM_EVENT: Mapping[str, tuple[ServiceFacts, TriggerFacts]] = MappingProxyType(
    {event: (facts, one) for facts in FACTS.values() for one in facts.triggers for event in one.sam}
)

#: the managed policy that SAM adds for an event source that is polled, by SAM's type of event
SAM_POLLING_POLICIES: Mapping[str, str] = MappingProxyType(
    {event: policy for facts in FACTS.values() for one in facts.triggers for event, policy in one.sam_policy.items()}
)

#: the kind of trigger, and the client whose calls can raise it, by the principal that calls the function
BY_PRINCIPAL: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        principal: (one.kind, facts.client if one.raised and one.names_source else None)
        for facts in FACTS.values()
        for one in facts.triggers
        for principal in one.principal
    }
)
