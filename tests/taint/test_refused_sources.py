"""A handler of which Pysa cannot tell the definition costs itself its answer, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """service: twice
provider: {name: aws, runtime: python3.12}
functions:
  twice: {handler: main.twice, events: [{httpApi: POST /a}]}
  odd: {handler: odd.größe, events: [{httpApi: POST /c}]}
  named: {handler: odd.named, events: [{httpApi: POST /d}]}
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

ODD = """import os
def größe(event, context):
    os.system(event["body"])
def named(ereignis_ä, context):
    os.system(ereignis_ä["body"])
"""


@pytest.mark.live
def test_a_handler_defined_twice_is_not_analysed_and_the_others_are(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "main.py").write_text(MAIN, encoding="utf-8")
    (tmp_path / "odd.py").write_text(ODD, encoding="utf-8")
    report = load_app(tmp_path).flows
    assert [(flow.source.handler, flow.sink.span.line) for flow in report.flows] == [("once", 10)]
    assert {name: one.code for name, one in report.unseen.items()} == dict.fromkeys(
        ("twice", "odd", "named"), "ambiguous-handler"
    )
    assert "ASCII" in report.unseen["odd"].message
    assert "more than once" in report.unseen["twice"].message
