"""Room 2: read the handlers' Python as text, and find each boto3 call with the values its arguments may have."""

from sls_lab.code.model import Argument, BotoCall, Choice, Chosen, Code, Handler, MethodCalls, OpenCall, Receiver
from sls_lab.code.reader import read_code
from sls_lab.python.module import Module
from sls_lab.python.positions import (
    definition_span,
    enclosing_function,
    enclosing_statement,
    parents,
    source_of,
    span_of,
)

__all__ = [
    "Argument",
    "BotoCall",
    "Choice",
    "Chosen",
    "Code",
    "Handler",
    "MethodCalls",
    "Module",
    "OpenCall",
    "Receiver",
    "definition_span",
    "enclosing_function",
    "enclosing_statement",
    "parents",
    "read_code",
    "source_of",
    "span_of",
]
