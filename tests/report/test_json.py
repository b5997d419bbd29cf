from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sls_lab.facts import Pattern
from sls_lab.report.json import as_json, plain
from sls_lab.template.shared.node import Node
from tests.report.sample import FILES, Sample, at, sample

SCHEMA = json.loads((Path(__file__).parents[2] / "sls_lab/report/schema.json").read_text(encoding="utf-8"))


def objects(*analyses: Sample, array: bool = False) -> Any:
    return json.loads(as_json(analyses, array=array))


def not_run() -> Sample:
    done = sample()
    return replace(done, flows=replace(done.flows, flows=(), analysed="not-run"), timings={})


@pytest.mark.parametrize("analysed", [sample(), not_run()], ids=["live", "not-run"])
def test_it_keeps_the_contract(analysed: Sample) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(objects(analysed))


def test_the_schema_refuses_what_is_not_in_the_contract() -> None:
    found = objects(sample())
    for broken in (found | {"more": 1}, {key: found[key] for key in found if key != "complete"}):
        assert not Draft202012Validator(SCHEMA).is_valid(broken)


def test_one_application_is_an_object_and_several_are_an_array() -> None:
    assert objects(sample())["schema"] == "sls-lab/analysis/1"
    assert [each["schema"] for each in objects(sample(), sample())] == ["sls-lab/analysis/1"] * 2
    # Where several were asked for and one could be read, programs still get an array.
    assert len(objects(sample(), array=True)) == 1


def test_columns_cut_the_text_out_of_the_source() -> None:
    for step in objects(sample())["flows"][0]["steps"]:
        line = FILES[step["file"]].split("\n")[step["line"] - 1]
        if step["line"] == step["end_line"] and step["text"] != "…":
            assert line[step["column"] : step["end_column"]] == step["text"]


def test_what_is_set_aside_has_the_form_of_a_flow_and_a_reason() -> None:
    found = objects(sample())
    (flow,), (aside,) = found["flows"], found["set_aside"]
    assert set(aside) - set(flow) == {"why"}
    assert aside["why"] == {"text": "the host is fixed", "file": "src/resize.py", "line": 8}
    assert (flow["confidence"], flow["doubts"]) == ("high", [])
    assert (aside["confidence"], [doubt["line"] for doubt in aside["doubts"]]) == ("medium", [9])


def test_a_handler_that_was_not_found_has_no_place() -> None:
    handlers = {handler["name"]: handler for handler in objects(sample())["handlers"]}
    assert handlers["thumbnails"]["file"] is None
    assert handlers["thumbnails"]["line"] is None
    assert handlers["thumbnails"]["analysed"] is False
    assert handlers["upload"]["line"] == 6


def test_nothing_counts_as_analysed_where_pysa_did_not_run() -> None:
    found = objects(not_run())
    assert found["complete"] is False
    assert not any(handler["analysed"] for handler in found["handlers"])
    assert found["timings"]["taint"] is None


def test_complete_is_false_although_the_taint_room_says_otherwise() -> None:
    assert objects(replace(sample(), complete=True))["complete"] is False


def test_a_lone_surrogate_and_a_number_that_is_none() -> None:
    odd = replace(sample(), advice=(replace(sample().advice[0], message="\ud800"),))
    text = as_json([odd])
    text.encode("utf-8")
    assert json.loads(text)["advice"][0]["message"] == "\ud800"
    place = at("serverless.yml", "functions")
    assert plain(Node(float("nan"), place)) == "nan"


def test_settings_show_holes_and_stop_somewhere() -> None:
    place = at("serverless.yml", "functions")
    node = Node(Pattern.of("a-", Pattern.fixed("Stage")), place)
    for _ in range(40):
        node = Node(MappingProxyType({"in": node}), place)
    assert "…" in json.dumps(plain(node), ensure_ascii=False)
    assert plain(Node((Node(Pattern.of("a-", Pattern.fixed("Stage")), place), Node(True, place)), place)) == [
        "a-{Stage}",
        True,
    ]
