"""Packages of the repository that requirements install: found, named where they are not there, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.code import read_code
from tests.code.builder import function, template

BUS = "import boto3\ndef send(x):\n    boto3.client('sqs').send_message(QueueUrl='q', MessageBody=x)\n"
HANDLER = "from common.bus import send\ndef handler(event, context):\n    send(event['body'])\n"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def read(root: Path, files: dict[str, str]) -> tuple[list[str], list[str]]:
    """The files in which calls are found, and the codes of the diagnostics."""
    write(root, {"fa/h.py": HANDLER, **files})
    code = read_code(template(root, function("a", "fa/h.handler", file="fa/h.py", code_root="fa")))
    return [call.span.file for call in code.calls], [diagnostic.code for diagnostic in code.diagnostics]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("fa/requirements.txt", "requests==2.32.3\n../lib/common  # ours\n"),
        ("fa/requirements.txt", "-e ../lib/common\n"),
        ("fa/requirements.txt", "--editable=../lib/common[extra]\n"),
        ("fa/requirements.txt", "common @ file:../lib/common\n"),
        ("requirements.txt", "./lib/common\n"),
        ("fa/requirements.txt", "-r ../base.txt\n"),
        ("fa/pyproject.toml", '[tool.poetry.dependencies]\ncommon = {path = "../lib/common", develop = true}\n'),
        ("fa/pyproject.toml", '[tool.uv.sources]\ncommon = { path = "../lib/common" }\n'),
        ("fa/Pipfile", '[packages]\ncommon = {path = "../lib/common"}\n'),
    ],
)
@pytest.mark.parametrize("package", ["lib/common/common", "lib/common/src/common"])
def test_a_package_named_by_its_path_is_read(tmp_path: Path, file: str, text: str, package: str) -> None:
    files = {file: text, "base.txt": "./lib/common\n", f"{package}/__init__.py": "", f"{package}/bus.py": BUS}
    assert read(tmp_path, files) == ([f"{package}/bus.py"], [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("../lib/none\n", "local-package-unread"),
        ("../../elsewhere\n", "local-package-unread"),
        ("../common-1.0-py3-none-any.whl\n", "local-package-unread"),
    ],
)
def test_what_cannot_be_read_is_told_where_it_is_written(tmp_path: Path, text: str, code: str) -> None:
    write(tmp_path / "app", {"fa/h.py": HANDLER, "fa/requirements.txt": text, "common-1.0-py3-none-any.whl": ""})
    read_ = read_code(template(tmp_path / "app", function("a", "fa/h.handler", file="fa/h.py", code_root="fa")))
    [diagnostic] = [one for one in read_.diagnostics if one.code == code]
    assert diagnostic.span is not None
    assert (diagnostic.span.file, diagnostic.span.line) == ("fa/requirements.txt", 1)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("common==1.0\n", []),
        ("common @ git+https://example.org/common.git\n", []),
        ("# ../lib/common\n", ["import-elsewhere"]),
        ("-c ../lib/common\n", ["import-elsewhere"]),
        ("-r ./requirements.txt\n", ["import-elsewhere"]),
    ],
)
def test_packages_from_elsewhere_are_no_folders(tmp_path: Path, text: str, codes: list[str]) -> None:
    files = {"fa/requirements.txt": text, "lib/common/common/bus.py": BUS}
    assert read(tmp_path, files) == ([], codes)
