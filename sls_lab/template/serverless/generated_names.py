"""The logical ids and names that the Serverless Framework makes up.

Facts: https://www.serverless.com/framework/docs/providers/aws/guide/resources (the table of logical ids).
"""

from __future__ import annotations

import re
from typing import Final

EXECUTION_ROLE: Final = "IamRoleLambdaExecution"  #: the role of every function that has none of its own

_OTHER = re.compile("[^0-9A-Za-z]")


def function_logical_id(name: str) -> str:
    """The logical id of the function `name`: `on-upload` is `OnDashuploadLambdaFunction`."""
    return f"{_normalised(name)}LambdaFunction"


def function_role_logical_id(name: str) -> str:
    """The logical id of a role that one function has for itself."""
    return f"{_normalised(name)}{EXECUTION_ROLE}"


def log_group_logical_id(name: str) -> str:
    """The logical id of the log group of the function `name`."""
    return f"{_normalised(name)}LogGroup"


def layer_logical_id(name: str) -> str:
    """The logical id of the layer `name`."""
    return f"{_upper_first(name)}LambdaLayer"


def bucket_logical_id(bucket: str) -> str:
    """The logical id of a bucket that an `s3` event or `provider.s3` creates."""
    return f"S3Bucket{_alphanumeric(bucket)}"


def topic_logical_id(topic: str) -> str:
    """The logical id of a topic that an `sns` event creates."""
    return f"SNSTopic{_alphanumeric(topic)}"


def state_machine_logical_id(key: str, custom: str | None) -> str:
    """The logical id of a state machine of `serverless-step-functions`; `custom` is its `id` or its `name`.

    Source: https://www.serverless.com/plugins/serverless-step-functions
    """
    return _alphanumeric(_normalised(custom)) if custom else f"{_normalised(key)}StepFunctionsStateMachine"


def _upper_first(name: str) -> str:
    return name[:1].upper() + name[1:]


def _normalised(name: str) -> str:
    return _upper_first(name.replace("-", "Dash").replace("_", "Underscore"))


def _alphanumeric(name: str) -> str:
    return _upper_first(_OTHER.sub("", name))
