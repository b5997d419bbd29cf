"""Triggers that the outside world or a clock pulls."""

from __future__ import annotations

from typing import Literal

from sls_lab.template.model import Trigger

#: what an outsider reaches: a request, a message of a device, a mail, a sign-up
_PUBLIC = frozenset(
    {
        "alb",
        "alexaSkill",
        "alexaSmartHome",
        "appSync",
        "authorizer",
        "cloudFront",
        "cognitoUserPool",
        "http",
        "httpApi",
        "iot",
        "iotFleetProvisioning",
        "ses",
        "url",
        "websocket",
    }
)
_CLOCKS = frozenset({"schedule", "scheduler"})


def exposure(trigger: Trigger) -> Literal["public", "clock", "deployment", "resource"]:
    """Who pulls a trigger: an outsider, a clock, a deployment, or whoever may write to a resource.

    A function URL that asks for IAM's signature is not open to outsiders
    (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html); an authoriser is no protection against the user who
    passes it.
    """
    if trigger.type == "url":
        authorisation = next(
            (trigger.settings[key] for key in ("authType", "authorizer") if key in trigger.settings), None
        )
        signed = authorisation is not None and (authorisation.text or "").lower() == "aws_iam"
        return "resource" if signed else "public"
    if trigger.type in _PUBLIC:
        return "public"
    if trigger.type == "customResource":
        return "deployment"
    return "clock" if trigger.type in _CLOCKS else "resource"
