from typing import Any

from aws_lambda_powertools.utilities.parser import envelopes as envelopes
from aws_lambda_powertools.utilities.parser.envelopes import BaseEnvelope as BaseEnvelope

def __getattr__(name: str) -> Any: ...
