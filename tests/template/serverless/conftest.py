"""Applications written in the tests themselves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from sls_lab.template import Options, Template, read_template
from tests.template.serverless.applications import HEAD, Read, Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below a folder called `app` and return it."""
    root = tmp_path / "app"
    root.mkdir()

    def write_files(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(dedent(content).encode() if isinstance(content, str) else content)
        return root

    return write_files


@pytest.fixture
def read(write: Write) -> Read:
    """Read an application of one `serverless.yml`, given after a head with a service and a provider."""

    def read_application(
        more: str, files: Mapping[str, str | bytes] | None = None, *, head: str = HEAD, **options: Any
    ) -> Template:
        root = write({"serverless.yml": head + dedent(more), "app.py": "", **(files or {})})
        return read_template(root, Options(**options))

    return read_application
