"""Events raised by helpers, of which each caller raises its own: `# flow: handler` stands where a flow ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sls_lab import load_app

FOLDER = Path(__file__).parent / "fixtures" / "helpers"
EXPECTED = re.compile(r"# flow: (\w+)")


@pytest.mark.live
def test_each_caller_wakes_whom_it_names() -> None:
    app = load_app(FOLDER)
    expected = {
        (match[1], "take.py", number)
        for number, line in enumerate((FOLDER / "take.py").read_text(encoding="utf-8").splitlines(), 1)
        for match in EXPECTED.finditer(line)
    }
    assert app.flows.analysed == "live"
    assert {(one.source.handler, one.sink.span.file, one.sink.span.line) for one in app.flows.flows} == expected
    assert app.flows.unseen == {}
