"""What the tests of this folder take: ways to write an application down and read it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from sls_lab.template import Template

HEAD = """\
service: shop
provider:
  name: aws
  runtime: python3.12
"""


class Write(Protocol):
    """Write files below a folder called `app` and return it."""

    def __call__(self, files: Mapping[str, str | bytes]) -> Path: ...


class Read(Protocol):
    """Read an application of one `serverless.yml`, whose text follows a head with a service and a provider."""

    def __call__(
        self,
        more: str,
        files: Mapping[str, str | bytes] | None = None,
        *,
        head: str = HEAD,
        **options: Mapping[str, str],
    ) -> Template: ...


def said(template: Template, *, level: str | None = None) -> list[tuple[str, int]]:
    """The code and line of each diagnostic, in order."""
    return [
        (item.code, item.span.line if item.span else 0)
        for item in template.diagnostics
        if level is None or item.level == level
    ]
