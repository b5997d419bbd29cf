"""Room 3: which call wakes which handler, and why, or why not, by the template and the code together."""

from sls_lab.events.linking import Ways, link_events, on_way
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
    "on_way",
]
