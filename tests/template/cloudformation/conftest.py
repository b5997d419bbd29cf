"""Templates written in the tests themselves, read from a folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from sls_lab.template.cloudformation.intrinsics import Scope, resolve_intrinsics
from sls_lab.template.cloudformation.stack_template import read_cloudformation
from sls_lab.template.model import Options
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.plain_tree import plain_node
from sls_lab.template.shared.raw_tree import parse_raw
from sls_lab.template.shared.template_part import TemplatePart

Parse = Callable[[str], Node]
Read = Callable[..., TemplatePart]
Resolve = Callable[..., tuple[Node, Scope]]


@pytest.fixture
def parse() -> Parse:
    """The tree of a YAML text, nothing resolved."""

    def parsed(text: str) -> Node:
        raw, diagnostics = parse_raw(dedent(text), "template.yaml")
        assert raw is not None and not diagnostics
        return plain_node(raw)

    return parsed


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a template, with the files beside it; handlers `a.py` to `d.py` are there already."""

    def reader(
        text: str, files: Mapping[str, str] | None = None, options: Options | None = None, name: str = "template.yaml"
    ) -> TemplatePart:
        handlers = {f"{letter}.py": "def handler(event, context): ...\n" for letter in "abcd"}
        for path, content in {**handlers, **(files or {}), name: dedent(text)}.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        return read_cloudformation(tmp_path, name, options or Options())

    return reader


@pytest.fixture
def resolve(parse: Parse) -> Resolve:
    """Resolves one expression in the scope of a template; both are YAML."""

    def resolved(expression: str, template: str = "{}", options: Options | None = None) -> tuple[Node, Scope]:
        scope = Scope.of(parse(template), options or Options())
        return resolve_intrinsics(parse(expression), scope), scope

    return resolved
