"""A service is as many files as CONTRIBUTING says, and no room names it beside them."""

from __future__ import annotations

import ast
import keyword
import re
from pathlib import Path

import pytest

from sls_lab.aws.registry import FACTS
from sls_lab.services import SERVICES

ROOT = Path(__file__).resolve().parents[2]
#: A service of each kind: polled, pushed, called directly, and led to by a resource of the template.
KINDS = ("kinesis", "sns", "lambda", "scheduler", "firehose", "iot-data")
#: The services that the rooms came before: elsewhere they are named as well, for what no other service has.
FIRST = ("kinesis", "sns", "lambda")


def listed() -> list[str]:
    """The files that CONTRIBUTING lists for a service, with `NAME` and `CLIENT` in them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = text.partition("**a service**")[2].partition("**an application**")[0]
    return re.findall(r"^\| `([^`]*(?:NAME|CLIENT)[^`]*)` \|", part, re.MULTILINE)


def files_of(client: str) -> list[Path]:
    """The listed files of one service."""
    name = client.replace("-", "_")
    name = f"{name}_" if keyword.iskeyword(name) else name
    return [ROOT / file.replace("NAME", name).replace("CLIENT", client) for file in listed()]


def test_contributing_lists_facts_behaviour_models_and_tests() -> None:
    assert [file.partition("/")[0] for file in listed()] == ["sls_lab", "sls_lab", "sls_lab", "tests"]


@pytest.mark.parametrize("client", KINDS)
def test_a_service_is_the_files_that_contributing_lists(client: str) -> None:
    facts, behaviour, *others = files_of(client)
    assert facts.is_file()
    assert behaviour.is_file()
    assert client in FACTS
    assert client in SERVICES
    if client not in FIRST:
        assert [file.name for file in others if not file.is_file()] == []


@pytest.mark.parametrize("client", [client for client in KINDS if client not in FIRST])
def test_no_module_but_those_of_services_names_it(client: str) -> None:
    # The replay knows AWS by itself, so that it can disagree with the analysis.
    folders = {file.parent for file in files_of(client)}  # another service may name it as what it leads to
    naming = [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "sls_lab").rglob("*.py"))
        if file.parent not in folders and not {"stubs", "replay"} & set(file.parts) and client in _strings(file)
    ]
    assert naming == []


def _strings(file: Path) -> set[object]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
