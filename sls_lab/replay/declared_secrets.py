"""What a secret that a template declares holds once it is deployed."""

from __future__ import annotations

import json
from typing import Any, Final

_GENERATED: Final = "generated-4b1d"


def secret_string(properties: Any) -> str:
    """What a declared secret holds: as written, or with a generated value.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
    """
    given = properties if isinstance(properties, dict) else {}
    if given.get("SecretString"):
        return str(given["SecretString"])
    generated = given.get("GenerateSecretString")
    if not isinstance(generated, dict):
        return "{}"
    template, key = generated.get("SecretStringTemplate"), generated.get("GenerateStringKey")
    if not template or not key:
        return _GENERATED
    try:
        return json.dumps({**json.loads(str(template)), str(key): _GENERATED})
    except (ValueError, TypeError):
        return _GENERATED
