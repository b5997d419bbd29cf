"""Read the generated tables in `data/`; the scripts that make them are in `tools/`."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The table of one file, such as `actions.json`."""
    found: dict[str, Any] = json.loads(files("sls_lab.aws").joinpath("data", name).read_text(encoding="utf-8"))
    table: dict[str, Any] = found["table"]
    return table
