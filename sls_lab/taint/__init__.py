"""Room 5: run Pysa on the rewritten handlers, and follow each trace back into the original files."""

from sls_lab.taint.kept.recording import NoRecording, Run, record, recorded
from sls_lab.taint.model import Endpoint, Flow, Rule, SetAside, Step, TaintReport
from sls_lab.taint.staging.staged_folder import Subject
from sls_lab.taint.tracing import trace_taint

__all__ = [
    "Endpoint",
    "Flow",
    "NoRecording",
    "Rule",
    "Run",
    "SetAside",
    "Step",
    "Subject",
    "TaintReport",
    "record",
    "recorded",
    "trace_taint",
]
