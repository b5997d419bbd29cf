from typing import Any
from botocore.config import Config as Config

class BaseClient:
    meta: Any
    exceptions: Any
