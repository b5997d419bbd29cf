"""How generated tables are written: with their source, date and a sum over their content.

A test compares the sum, so that an edit by hand is noticed.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent / "sls_lab"
DATA = PACKAGE / "aws" / "data"
TYPESHED = PACKAGE / "taint" / "typeshed"


def write(name: str, tool: str, source: str, date: str, table: dict[str, Any], folder: Path = DATA) -> None:
    """Write `table` as `name`, one entry a line; `source` and `date` say which release it was made from."""
    rows = [f"  {json.dumps(key)}: {json.dumps(value, sort_keys=True)}" for key, value in sorted(table.items())]
    body = "{\n" + ",\n".join(rows) + "\n}"
    head = {"tool": f"tools/{tool}", "source": source, "date": date, "sha256": content_hash(body)}
    (folder / name).write_text(f'{{"generated": {json.dumps(head)},\n"table": {body}}}\n', encoding="utf-8")


def today() -> str:
    """The day on which a file is generated."""
    return datetime.now(tz=UTC).date().isoformat()


def content_hash(body: str) -> str:
    """The sum over what a generated file holds after its head."""
    return hashlib.sha256(body.encode()).hexdigest()


def table_of(text: str) -> str:
    """The part of a generated file that the sum is taken over."""
    return text.partition('\n"table": ')[2].removesuffix("}\n")
