"""Imports that lead nowhere, where the application has such a module elsewhere, and those that a layer brings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sls_lab.code import read_code
from sls_lab.template import read_template
from tests.code.builder import function, template

HANDLER = "{line}\ndef handler(event, context):\n    return None\n"
STORE = "import boto3\ndef put(x):\n    boto3.client('sqs').send_message(QueueUrl='q', MessageBody=x)\n"


def told(root: Path, line: str, files: dict[str, str], layers: tuple[str, ...] = ()) -> list[str]:
    """The modules of which a file elsewhere is told, for a handler in `fa` that begins with this line."""
    for name, text in {"fa/h.py": HANDLER.format(line=line), **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    made = template(root, function("a", "fa/h.handler", file="fa/h.py", code_root="fa"))
    code = read_code(replace(made, layers=layers))
    found = [one for one in code.diagnostics if one.code == "import-elsewhere"]
    assert all(one.level == "error" and one.span is not None and one.span.file == "fa/h.py" for one in found)
    return [one.message.split("`")[1] for one in found]


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("from shared.store import put", "layers/base/python/shared/store.py"),
        ("import shared.store", "layers/base/python/shared/store/__init__.py"),
        ("import helpers", "common/helpers.py"),
        ("def late():\n    from shared.store import put", "libs/src/shared/store.py"),
    ],
)
def test_a_module_that_is_elsewhere_is_told(tmp_path: Path, line: str, file: str) -> None:
    name = file.removesuffix("/__init__.py").removesuffix(".py")
    name = "shared.store" if "shared" in name else "helpers"
    assert told(tmp_path, line, {file: STORE}) == [name]


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("import requests", {}),
        ("import redis", {"clients/redis.py": "", "fa/requirements.txt": "boto3\nredis>=5\n"}),
        ("import slack_sdk.web", {"x/slack_sdk/web.py": "", "pyproject.toml": 'dependencies = ["slack-sdk"]\n'}),
        ("import yaml", {"clients/yaml.py": "", "requirements.txt": "PyYAML==6\n"}),
        ("import json.tool", {"x/json/tool.py": ""}),
        ("import store", {"fa/store.py": STORE}),
        ("import store", {"store.py": STORE}),
        ("try:\n    import ujson\nexcept ImportError:\n    ujson = None", {"x/ujson.py": ""}),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import kinds", {"x/kinds.py": ""}),
        ("import store", {"build/store.py": STORE}),
        ("import boto3.session", {"x/boto3/session.py": ""}),
    ],
)
def test_libraries_and_what_is_found_are_not_told(tmp_path: Path, line: str, files: dict[str, str]) -> None:
    assert told(tmp_path, line, files) == []


def test_a_layer_of_any_template_brings_a_module(tmp_path: Path) -> None:
    line = "from shared.store import put"
    files = {"layers/base/python/shared/store.py": STORE}
    assert told(tmp_path, line, files, layers=("layers/base/python",)) == []


PARENT = """Transform: AWS::Serverless-2016-10-31
Resources:
  Base: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layers/base}}
  Made: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: k}},
    Metadata: {'aws:asset:path': layers/made}}
  Far: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: 's3://bucket/layer.zip'}}
  Child: {Type: AWS::Serverless::Application, Properties: {Location: a/template.yaml, Parameters: {Layer: !Ref Base}}}
"""
CHILD = """Transform: AWS::Serverless-2016-10-31
Parameters: {Layer: {Type: String}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, CodeUri: ., Handler: f.handler, Layers: [!Ref Layer]}
"""
SERVICE = """service: s
provider: {name: aws, runtime: python3.12}
layers: {base: {path: layers/base}, made: {path: layers/made}}
functions: {f: {handler: a/f.handler}}
"""


def test_the_layers_of_nested_stacks_are_those_of_the_application(tmp_path: Path) -> None:
    files = {
        "template.yaml": PARENT,
        "a/template.yaml": CHILD,
        "a/f.py": "from shared.store import put\ndef handler(event, context):\n    put(event)\n",
        "layers/base/python/shared/store.py": STORE,
        "layers/made/other.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    read = read_template(tmp_path)
    assert read.layers == ("layers/base/python", "layers/made")
    assert [call.span.file for call in read_code(read).calls] == ["layers/base/python/shared/store.py"]


def test_the_layers_of_a_serverless_yml(tmp_path: Path) -> None:
    for name, text in {"serverless.yml": SERVICE, "layers/base/python/x.py": "", "layers/made/y.py": ""}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_template(tmp_path).layers == ("layers/base/python", "layers/made")
