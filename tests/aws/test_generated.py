"""What is generated was generated: an edit by hand changes the sum that its head names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.generated import DATA, TYPESHED, content_hash, table_of

STUBS = DATA.parents[1] / "taint" / "stubs"
FILES = [*sorted(DATA.glob("*.json")), *sorted(TYPESHED.glob("*.json"))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_generated_file_is_as_its_script_wrote_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    head = json.loads(text)["generated"]
    assert content_hash(table_of(text)) == head["sha256"], f"{file.name} was edited by hand: change {head['tool']}"
    assert (DATA.parents[2] / head["tool"]).is_file()
    assert head["source"]
    assert len(head["date"].split("-")) == 3


def test_a_generated_stub_is_as_its_script_wrote_it() -> None:
    sums = json.loads((DATA / "stubs.json").read_text(encoding="utf-8"))["table"]
    changed = [name for name, sum_ in sums.items() if content_hash((STUBS / name).read_text("utf-8")) != sum_]
    assert changed == []
    assert {"boto3/__init__.pyi", "mypy_boto3_s3/client.pyi"} <= set(sums)


def test_an_edit_by_hand_is_noticed() -> None:
    text = FILES[0].read_text(encoding="utf-8")
    edited = text.replace('"prefix"', '"Prefix"', 1)
    assert edited != text
    assert content_hash(table_of(edited)) != json.loads(text)["generated"]["sha256"]
