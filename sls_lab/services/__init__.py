"""What the kit knows of AWS: which calls raise events, what arrives, and which functions can be woken from outside."""

from sls_lab.services.delivery import (
    event_objects,
    is_caught,
    needed_by,
    passage,
    payload_of,
    raises,
    sent_objects,
    stored_content,
    transition_object,
)
from sls_lab.services.destinations import outcome_object
from sls_lab.services.exposures import exposure, is_signed
from sls_lab.services.model import EventObject, Payload, Raised, StoredContent
from sls_lab.services.registry import SERVICES

__all__ = [
    "SERVICES",
    "EventObject",
    "Payload",
    "Raised",
    "StoredContent",
    "event_objects",
    "exposure",
    "is_caught",
    "is_signed",
    "needed_by",
    "outcome_object",
    "passage",
    "payload_of",
    "raises",
    "sent_objects",
    "stored_content",
    "transition_object",
]
