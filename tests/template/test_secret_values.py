"""Which variables of an environment are secrets: declared, taken from a store, or named and written as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.facts import Hole, HoleKind, Pattern, Span
from sls_lab.template import read_template
from sls_lab.template.model import Variable
from sls_lab.template.shared.secret_values import is_written_secret, secret_reason

PLACE = Span("template.yaml", 1, 0, 1, 1)


def is_secret(name: str, value: Pattern) -> bool:
    return secret_reason(Variable(name, value, PLACE, ())) is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "h0rse-battery"),
        ("apiKey", "51c0ffee2b4d"),
        ("ANYTHING", "AKIA" + "A1" * 8),
        ("ADDRESS", "postgres://app:s3cr3t@db/shop"),
        ("ANYTHING", "{{resolve:secretsmanager:db:SecretString:password}}"),
        ("ANYTHING", "{{resolve:ssm-secure:/db/password:1}}"),
    ],
)
def test_a_written_secret(name: str, value: str) -> None:
    assert is_secret(name, Pattern.of(value))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "changeme123"),
        ("SECRET_NAME", "prod/database1"),
        ("TOKEN_URL", "https://login.example/token1"),
        ("API_KEY", "arn:aws:secretsmanager:eu-west-1:1:secret:key1"),
        ("PLACE", "h0rse-battery"),
        ("ANYTHING", "{{resolve:ssm:/db/host:1}}"),
    ],
)
def test_what_is_no_secret(name: str, value: str) -> None:
    assert not is_secret(name, Pattern.of(value))
    assert not is_written_secret(name, value)


@pytest.mark.parametrize("label", ["ssm:/shop/key", "env:API_KEY", "param:key"])
def test_a_value_given_at_deployment_is_what_its_name_says(label: str) -> None:
    assert is_secret("API_KEY", Pattern.fixed(label))
    assert not is_secret("API_HOST", Pattern.fixed(label))
    assert not is_secret("API_KEY", Pattern.of("keys/", Hole(label, HoleKind.FIXED)))


def test_the_name_of_a_resource_is_no_secret() -> None:
    assert not is_secret("DB_SECRET", Pattern.generated("Database"))


@pytest.mark.parametrize(("echo", "secret"), [("true", True), ('"true"', True), ("false", False)])
def test_a_hidden_parameter_makes_its_variable_a_secret(tmp_path: Path, echo: str, secret: bool) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        f"Parameters: {{Word: {{Type: String, NoEcho: {echo}}}, Rest: {{Type: String}}}}\n"
        "Resources:\n"
        "  F:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Handler: a.handler\n"
        "      Runtime: python3.12\n"
        "      Environment: {Variables: {A: !Ref Word, B: !Sub 'x-${Word}', C: !Ref Rest}}\n"
    )
    (tmp_path / "a.py").write_text("def handler(event, context): ...\n")
    [function] = read_template(tmp_path).functions
    found = {name: secret_reason(variable) is not None for name, variable in function.environment.items()}
    assert found == {"A": secret, "B": secret, "C": False}
