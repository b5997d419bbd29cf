"""An application for a later Python than those that run and analyse it: `# flow` where a flow ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """
service: later
provider: {name: aws, runtime: python3.14}
functions: {run: {handler: app.run, events: [{httpApi: POST /run}]}}
"""
CODE = """
import os

type Event = dict[str, str]


class Box[T, U = int]:
    def __init__(self, item: T):
        self.item = item


def first[T](items: list[T]) -> T:
    try:
        return items[0]
    except IndexError, TypeError:
        return ""


def run(event: Event, context):
    os.system(f"echo {first([event["body"]])}")  # flow
    os.system(f"echo {'\\n'.join(event['lines'])}")  # flow
    os.system(f"echo {Box(event["item"]).item}" f" {context}")  # flow
    os.system(f"echo {len(event["body"]):>{"5"}}")
"""


@pytest.mark.live
def test_its_flows_are_found(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    app = load_app(tmp_path)
    marked = {number for number, line in enumerate(CODE.split("\n"), 1) if "# flow" in line}
    assert app.flows.analysed == "live" and app.flows.unseen == {}
    assert {flow.sink.span.line for flow in app.flows.flows} == marked
