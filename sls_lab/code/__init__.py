"""Room 2: read the handlers' Python as text, and find each boto3 call with the values its arguments may have."""

from sls_lab.code.model import Argument, BotoCall, Choice, Chosen, Code, Handler, Module, Receiver
from sls_lab.code.positions import (
    definition_span,
    enclosing_function,
    enclosing_statement,
    parents,
    source_of,
    span_of,
)
from sls_lab.code.reader import read_code

__all__ = [
    "Argument",
    "BotoCall",
    "Choice",
    "Chosen",
    "Code",
    "Handler",
    "Module",
    "Receiver",
    "definition_span",
    "enclosing_function",
    "enclosing_statement",
    "parents",
    "read_code",
    "source_of",
    "span_of",
]
