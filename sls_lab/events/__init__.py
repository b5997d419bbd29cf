"""Room 3: template and code together tell which call wakes which handler, and why, or why not."""

from sls_lab.events.linking import Ways, link_events
from sls_lab.events.model import Edge, Entry, EntryKind, EventGraph, Knowledge, Status

__all__ = [
    "Edge",
    "Entry",
    "EntryKind",
    "EventGraph",
    "Knowledge",
    "Status",
    "Ways",
    "link_events",
]
