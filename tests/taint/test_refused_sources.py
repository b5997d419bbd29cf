"""A handler of which Pysa cannot tell the definition costs itself its answer, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """service: twice
provider: {name: aws, runtime: python3.12}
functions:
  twice: {handler: main.twice, events: [{httpApi: POST /a}]}
  once: {handler: main.once, events: [{httpApi: POST /b}]}
"""
MAIN = """import os
try:
    import fast
    def twice(event, context):
        os.system(event["body"])
except ImportError:
    def twice(request, context):
        os.system(request["body"])
def once(event, context):
    os.system(event["body"])
"""


@pytest.mark.live
def test_a_handler_defined_twice_is_not_analysed_and_the_others_are(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "main.py").write_text(MAIN, encoding="utf-8")
    report = load_app(tmp_path).flows
    assert [(flow.source.handler, flow.sink.span.line) for flow in report.flows] == [("once", 10)]
    assert {name: one.code for name, one in report.unseen.items()} == {"twice": "ambiguous-handler"}
