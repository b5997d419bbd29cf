"""Where the code reads secrets: by calls, by libraries, from the environment, and by constants that hold one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.model import Variable
from tests.code.builder import function, read

HEAD = """
import os
import boto3
from os import environ, getenv
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters import get_secret
secrets = boto3.client("secretsmanager")
ssm = boto3.client("ssm")
kms = boto3.client("kms")
KEY = "TOKEN"
def handler(event, context):
    return {expression}
"""
PLACE = Span("serverless.yml", 1, 0, 1, 1)
SECRET = Variable("TOKEN", Pattern.fixed("T"), PLACE, (Reason("it is hidden", PLACE, "secret"),))
PLAIN = Variable("PLACE", Pattern.of("here"), PLACE, (Reason("it is written", PLACE),))


def kinds(root: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """The kind and the text of each read, in the files' order."""
    found = read(root, files, function("app", environment={"TOKEN": SECRET, "PLACE": PLAIN})).secrets
    lines = {name: text.split("\n") for name, text in files.items()}
    return [
        (one.kind, lines[one.file][one.span.line - 1][one.span.column : one.span.end_column])
        for one in sorted(found, key=lambda one: (one.file, one.span.line, one.span.column))
    ]


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ('secrets.get_secret_value(SecretId="a")', "SecretValue"),
        ('ssm.get_parameter(Name="a", WithDecryption=True)', "SecureParameter"),
        ('ssm.get_parameters(Names=["a"], WithDecryption=event["x"])', "SecureParameter"),
        ('kms.decrypt(CiphertextBlob=b"a")', "DecryptedData"),
        ('parameters.get_secret("a")', "SecretValue"),
        ('get_secret("a")', "SecretValue"),
        ('parameters.get_parameter("a", decrypt=True)', "SecureParameter"),
        ('os.environ["TOKEN"]', "SecretVariable"),
        ('environ["TOKEN"]', "SecretVariable"),
        ('os.environ.get("TOKEN")', "SecretVariable"),
        ('os.getenv("TOKEN", "")', "SecretVariable"),
        ("getenv(KEY)", "SecretVariable"),
    ],
)
def test_what_gives_a_secret_is_found(tmp_path: Path, expression: str, kind: str) -> None:
    assert kinds(tmp_path, {"handler.py": HEAD.replace("{expression}", expression)}) == [(kind, expression)]


@pytest.mark.parametrize(
    "expression",
    [
        'ssm.get_parameter(Name="a")',
        'ssm.get_parameter(Name="a", WithDecryption=False)',
        'secrets.describe_secret(SecretId="a")',
        'parameters.get_parameter("a")',
        'os.environ["PLACE"]',
        'os.environ[event["TOKEN"]]',
        'event["TOKEN"]',
        'event.get_secret_value(SecretId="a")',
    ],
)
def test_what_gives_none_is_not(tmp_path: Path, expression: str) -> None:
    assert kinds(tmp_path, {"handler.py": HEAD.replace("{expression}", expression)}) == []


def test_uses_of_a_constant_that_holds_a_secret_are_reads(tmp_path: Path) -> None:
    settings = (
        "import os\nTOKEN = os.environ['TOKEN']\nHEADERS = {'k': f'Bearer {TOKEN}'}\nPLACE = os.environ['PLACE']\n"
    )
    handler = (
        "import settings\nfrom settings import TOKEN as mine, PLACE\n"
        "def handler(event, context):\n    print(mine, settings.HEADERS, PLACE)\n"
    )
    assert kinds(tmp_path, {"handler.py": handler, "settings.py": settings}) == [
        ("SecretVariable", "mine"),
        ("SecretVariable", "settings.HEADERS"),
        ("SecretVariable", "os.environ['TOKEN']"),
    ]


def test_a_name_that_is_bound_again_is_no_constant(tmp_path: Path) -> None:
    text = "import os\nTOKEN = os.environ['TOKEN']\nTOKEN = 'x'\ndef handler(event, context):\n    print(TOKEN)\n"
    assert kinds(tmp_path, {"handler.py": text}) == [("SecretVariable", "os.environ['TOKEN']")]
