"""Replay: an application's handlers run on a simulated AWS, and what happens is recorded.

The one room that runs the code of an application. Nothing of the static walk imports it.
"""

from sls_lab.replay.model import Call, Danger, Delivery, Hop, Note, Observed, Outside, Replay, Request
from sls_lab.replay.process import Child, Limits
from sls_lab.replay.simulation import ReplayUnavailable, Simulation, available, check_available, why_unavailable

__all__ = [
    "Call",
    "Child",
    "Danger",
    "Delivery",
    "Hop",
    "Limits",
    "Note",
    "Observed",
    "Outside",
    "Replay",
    "ReplayUnavailable",
    "Request",
    "Simulation",
    "available",
    "check_available",
    "why_unavailable",
]
