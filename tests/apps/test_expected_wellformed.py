"""What stands beside the example applications agrees with them, before any analysis is asked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "code-examples"
APPS = sorted(path for path in (EXAMPLES / "apps").iterdir() if path.is_dir())
CANARY = ROOT / "sls_lab" / "taint" / "canary"
KEYS = {"kind", "flows", "optional_flows", "absent", "edges", "note"}

each_app = pytest.mark.parametrize("app", [*APPS, CANARY], ids=lambda path: path.name)


def expected_of(app: Path) -> dict[str, Any]:
    loaded = yaml.safe_load((app / "expected.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def places(expected: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in ("flows", "optional_flows", "absent"):
        for item in expected[name]:
            yield item["sink"]


def callee(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


@each_app
def test_the_form_is_that_of_the_contract(app: Path) -> None:
    expected = expected_of(app)
    assert set(expected) - {"not_analysed"} == KEYS
    assert expected["kind"] in {"vulnerable", "safe"}
    assert expected["note"].strip()
    assert (expected["kind"] == "vulnerable") == bool(expected["flows"])
    for flow in (*expected["flows"], *expected["optional_flows"]):
        assert set(flow) - {"second_order"} == {"source", "sink"}
        assert flow.get("second_order", True) is True
        assert set(flow["source"]) == {"handler", "file"}
        assert set(flow["sink"]) == {"handler", "file", "line", "text"}
        assert (app / flow["source"]["file"]).is_file()
    for item in expected["absent"]:
        assert set(item) == {"sink", "why"}
        assert set(item["sink"]) == {"file", "line", "text"}
        assert item["why"].strip()
    for edge in expected["edges"]:
        assert set(edge) == {"from", "to", "service", "api", "file", "line"}


@each_app
def test_each_sink_stands_where_it_is_said_to(app: Path) -> None:
    for sink in places(expected_of(app)):
        lines = (app / sink["file"]).read_text(encoding="utf-8").splitlines()
        assert sink["text"] in lines[sink["line"] - 1], sink


@each_app
def test_each_edge_begins_with_its_call(app: Path) -> None:
    for edge in expected_of(app)["edges"]:
        if edge["api"] == "next":
            assert edge["file"] is edge["line"] is None
            continue
        tree = ast.parse((app / edge["file"]).read_text(encoding="utf-8"))
        begun = {(node.lineno, callee(node)) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert (edge["line"], edge["api"]) in begun, edge


@each_app
def test_no_place_is_both_a_flow_and_absent(app: Path) -> None:
    expected = expected_of(app)
    found = {(flow["sink"]["file"], flow["sink"]["line"]) for flow in expected["flows"]}
    assert not found & {(item["sink"]["file"], item["sink"]["line"]) for item in expected["absent"]}


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.name)
def test_each_application_looks_like_a_project_and_warns(app: Path) -> None:
    assert (app / "requirements.txt").is_file()
    readme = (app / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(f"# {app.name}\n")
    assert "**Never deploy this application.**" in readme
    assert "curl" in readme


def test_the_table_names_every_application() -> None:
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    named = {line.split("](apps/")[1].split(")")[0] for line in table.splitlines() if line.startswith("| [")}
    assert named == {app.name for app in APPS}
