"""The applications that the kit gets wrong: it still does, in just the way that their texts say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sls_lab import App, analyse, load_app
from sls_lab.taint import Flow, recorded

LIMITS = Path(__file__).parents[2] / "code-examples" / "limits"
FOLDERS = sorted(path.parent for path in LIMITS.glob("*/expected.yml"))
each_limit = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def truth(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((folder / "expected.yml").read_text(encoding="utf-8"))
    return loaded


def places(items: list[dict[str, Any]]) -> set[tuple[str, int]]:
    return {(item["sink"]["file"], item["sink"]["line"]) for item in items}


def place(flow: Flow) -> tuple[str, int]:
    return flow.sink.span.file, flow.sink.span.line


@pytest.fixture(scope="module")
def apps() -> dict[str, App]:
    loaded = [load_app(folder) for folder in FOLDERS]
    analyse(loaded, use_cache=False)
    return {app.name: app for app in loaded}


@pytest.mark.live
@each_limit
def test_the_kit_still_gets_it_wrong_in_the_way_that_is_told(apps: dict[str, App], folder: Path) -> None:
    app, expected = apps[folder.name], truth(folder)
    # All code was seen: the answer is wrong, not missing. Only of a call by a computed name nobody knows what it calls.
    assert app.flows.analysed == "live"
    assert {one.code for one in app.diagnostics if one.level == "error"} <= {"call-not-followed"}
    assert app.complete or expected["limit"] in ("false negative", "both")
    found = {place(flow) for flow in app.flows.flows}
    match expected["limit"]:
        case "false positive":
            assert expected["absent"]
            assert found == places(expected["flows"]) | places(expected["absent"])
        case "false negative":
            assert expected["kind"] == "vulnerable"
            assert places(expected["flows"])
            assert not found
        case "both":
            assert expected["kind"] == "vulnerable"
            assert places(expected["absent"]) < found < places(expected["absent"]) | places(expected["flows"])
        case other:
            assert other == "debatable"
            assert not expected["flows"]
            assert found == places(expected["optional_flows"])


@pytest.mark.live
@each_limit
def test_the_recording_is_what_a_live_run_gives(apps: dict[str, App], folder: Path) -> None:
    app = apps[folder.name]
    assert recorded(app.subject).flows == app.flows.flows, "run `make record`"


def test_there_is_one_of_each_kind_and_the_table_names_them() -> None:
    table = (LIMITS / "README.md").read_text(encoding="utf-8")
    limits = {folder.name: truth(folder)["limit"] for folder in FOLDERS}
    assert set(limits.values()) == {"false positive", "false negative", "both", "debatable"}
    rows = {line.split("](")[1].split(")")[0]: line for line in table.splitlines() if line.startswith("| [")}
    assert set(rows) == set(limits)
    assert all(f"**{limit}**" in rows[name] for name, limit in limits.items())


@each_limit
def test_what_is_said_to_be_true_stands_where_it_is_said_to(folder: Path) -> None:
    expected = truth(folder)
    assert set(expected) == {"kind", "limit", "flows", "optional_flows", "absent", "edges", "note"}
    for item in (*expected["flows"], *expected["optional_flows"], *expected["absent"]):
        lines = (folder / item["sink"]["file"]).read_text(encoding="utf-8").splitlines()
        assert item["sink"]["text"] in lines[item["sink"]["line"] - 1]
    linked = [(edge.source, edge.target) for edge in load_app(folder).events.edges if edge.linked]
    assert linked == [(edge["from"], edge["to"]) for edge in expected["edges"]]


@each_limit
def test_each_is_a_project_that_warns_and_explains(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(f"# {folder.name}\n")
    assert "**Never deploy this application.**" in readme
    assert "## What the kit says, and why it" in readme
    assert "curl" in readme
    assert (folder / "requirements.txt").is_file()


@pytest.mark.live
def test_the_way_out_that_a_text_names_is_one(tmp_path: Path) -> None:
    """checked-station says that a table of names would be seen."""
    source = LIMITS / "checked-station"
    for name in ("serverless.yml", "coast/tide.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = (source / name).read_text(encoding="utf-8")
        changed = text.replace(
            'station = event["pathParameters"]["station"]\n',
            'name = event["pathParameters"]["station"]\n    station = {"dover": "dover", "ostend": "ostend"}[name]\n',
        )
        (tmp_path / name).write_text(changed, encoding="utf-8")
    app = load_app(tmp_path)
    analyse([app], use_cache=False)
    assert app.complete
    assert not app.flows.flows
