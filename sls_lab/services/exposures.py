"""Who pulls a trigger, by its kind and its settings."""

from __future__ import annotations

from sls_lab.aws import triggers
from sls_lab.aws.model import Exposure
from sls_lab.template.model import Trigger
from sls_lab.template.shared.trigger_settings import first


def exposure(trigger: Trigger) -> Exposure:
    """Who pulls a trigger: an outsider, a clock, a deployment, or whoever may write to a resource."""
    return triggers.exposure(trigger.type, signed=trigger.type == "url" and is_signed(trigger))


def is_signed(trigger: Trigger) -> bool:
    """Whether requests must be signed with credentials of AWS.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
    """
    authorisation = first(trigger.settings, "authType", "authorizer")
    kind = authorisation.get("type") or authorisation if authorisation is not None else None
    return kind is not None and (kind.text or "").lower() == "aws_iam"
