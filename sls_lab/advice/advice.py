"""Run every check."""

from __future__ import annotations

from typing import Final

from sls_lab.advice import (
    bypass,
    event_loops,
    logged_data,
    missing_authorisers,
    obsolete,
    open_resources,
    requirements,
    shared_state,
    unused_permissions,
    verbose_errors,
    written_secrets,
)
from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked

#: Every check, in the order in which reports give their advice.
CHECKS: Final[tuple[Check, ...]] = (
    unused_permissions.CHECK,
    event_loops.CHECK,
    missing_authorisers.CHECK,
    open_resources.CHECK,
    requirements.CHECK,
    written_secrets.CHECK,
    bypass.CHECK,
    verbose_errors.CHECK,
    logged_data.CHECK,
    obsolete.CHECK,
    shared_state.CHECK,
)


def advise(app: Linked) -> tuple[Advice, ...]:
    """What every check has to say of an application, each piece once."""
    return tuple(dict.fromkeys(advice for check in CHECKS for advice in check.check(app)))
