"""Small applications written into a folder, so that what is linked is what a user would see."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab import App, load_app

Write = Callable[..., App]

HEAD = """service: demo
provider:
  name: aws
  runtime: python3.12
  stage: dev
  iam:
    role:
      statements:
"""


@pytest.fixture
def application(tmp_path: Path) -> Write:
    """Write handlers and a template from their parts: policy statements, functions, resources."""

    def write(statements: str, functions: str, resources: str = "", **handlers: str) -> App:
        indented = "\n".join("        " + line for line in statements.strip().splitlines())
        text = f"{HEAD}{indented}\nfunctions:\n{_indented(functions, 2)}\n"
        if resources:
            text += f"resources:\n  Resources:\n{_indented(resources, 4)}\n"
        (tmp_path / "serverless.yml").write_text(text, encoding="utf-8")
        for name, code in handlers.items():
            (tmp_path / f"{name}.py").write_text("import json\nimport boto3\n" + code, encoding="utf-8")
        return load_app(tmp_path)

    return write


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.strip("\n").splitlines())


def definition(app: App) -> ast.FunctionDef:
    """The function of the handler `send`, which makes the calls."""
    found = app.code.handlers["send"].definition
    assert isinstance(found, ast.FunctionDef)
    return found
