"""Who pulls a trigger, by its kind and its settings."""

from __future__ import annotations

from sls_lab.aws import triggers
from sls_lab.aws.model import Exposure
from sls_lab.template.model import Trigger
from sls_lab.template.shared.trigger_settings import first


def exposure(trigger: Trigger) -> Exposure:
    """Who pulls a trigger: an outsider, a clock, a deployment, or whoever may write to a resource."""
    authorisation = first(trigger.settings, "authType", "authorizer") if trigger.type == "url" else None
    signed = authorisation is not None and (authorisation.text or "").lower() == "aws_iam"
    return triggers.exposure(trigger.type, signed=signed)
