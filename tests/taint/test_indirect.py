"""Calls that do not name what they call, and data that comes out of generators: `# flow: handler` where a flow ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sls_lab import load_app

FOLDER = Path(__file__).parent / "fixtures" / "indirect"
EXPECTED = re.compile(r"# flow: (\w+)")


@pytest.mark.live
def test_flows_go_through_tables_and_generators() -> None:
    app = load_app(FOLDER)
    expected = {
        (match[1], file.name, number)
        for file in FOLDER.glob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for match in EXPECTED.finditer(line)
    }
    assert app.flows.analysed == "live"
    assert {(one.source.handler, one.sink.span.file, one.sink.span.line) for one in app.flows.flows} == expected
    assert app.flows.unseen == {}


def test_a_call_out_of_a_table_stands_beside_the_calls_that_it_may_mean() -> None:
    app = load_app(FOLDER)
    lines = {line.strip() for line in app.rewriting.files["tables.py"].text.splitlines()}
    assert {
        "(route(shape) or draw(shape) or wipe(shape))",
        "(SHOUT(body[\"name\"]) or shout('loud', body['name']))",
        "return function(value)",
    } <= lines


def test_the_rewriting_is_not_rewritten_again(tmp_path: Path) -> None:
    app = load_app(FOLDER)
    for file in FOLDER.iterdir():
        text = app.rewriting.files[file.name].text if file.suffix == ".py" else file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text, encoding="utf-8", newline="\n")
    again = load_app(tmp_path)
    assert {name: one.text for name, one in again.rewriting.files.items()} == {
        name: one.text for name, one in app.rewriting.files.items()
    }
