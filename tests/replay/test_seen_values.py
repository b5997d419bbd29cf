"""The values beside a static trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sls_lab.app import analyse, load_app
from sls_lab.replay import Request, Simulation
from sls_lab.replay.requests_file import read_requests
from sls_lab.replay.seen_values import values_at

pytestmark = pytest.mark.posix

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
Simulated = Callable[[Any], Simulation]
Written = Callable[..., Any]

CODE = """
    def inner(given):
        shouted = given.upper()
        return [shouted]

    class Odd:
        def __repr__(self):
            raise ValueError

    def handler(event, context):
        odd = Odd()
        for word in event["words"]:
            found = inner(word)
        return 1
"""


def test_variables_are_seen_after_the_lines_asked_about(written: Written, simulated: Simulated) -> None:
    template = written({"a.py": CODE}, {"a": "handler: a.handler"})
    request = Request("a", {"words": ["x", "SENT"]}, marker="SENT")
    [hop] = simulated(template).replay(request, watch={"a.py": [3, 13]}).hops
    assert hop.ending == "returned", hop.error
    seen = [(one.line, one.name, one.value) for one in hop.seen]
    assert (3, "shouted", "SENT") in seen
    assert (13, "found", ["SENT"]) in seen
    assert {line for line, _, _ in seen} == {3, 13}
    assert simulated(template).replay(request).hops[0].seen == ()


@pytest.mark.parametrize(
    ("app", "values"),
    [
        ("night-bus", {"stop = ' or slslab7 or '"}),
        ("fan-out", {'attempt["answer"] = slslab7', "attempt.answer = slslab7"}),
        ("payment-return", {"visitor.name = a'; slslab7; '"}),
    ],
)
def test_values_at_the_steps_of_a_flow(simulated: Simulated, app: str, values: set[str]) -> None:
    found = load_app(APPS / app)
    analyse([found], use_recording=True)
    scenarios = read_requests(found.path, found.template)
    why, seen = values_at(simulated(found.template), found.flows.flows[0], scenarios)
    assert "slslab7" in why
    assert len(seen) == len(found.flows.flows[0].steps)
    assert values <= set(seen), seen
