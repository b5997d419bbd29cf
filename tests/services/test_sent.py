"""What each form of each call sends: to which resources, with which permissions, and what the woken function is given.

`fixtures/sent.py` has the calls, `golden/sent.txt` what is known of each: the event that it raises, its parts as
expressions of the call, and the event object of a function that it wakes. Compare a change with AWS's documentation.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from sls_lab.code import BotoCall
from sls_lab.facts import Pattern
from sls_lab.services import SERVICES, payload_of, raises
from sls_lab.services.call_values import View
from tests.services.conftest import Calls

FILE = Path(__file__).parent / "fixtures" / "sent.py"
STATEMENTS = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def told(call: BotoCall, view: View) -> Iterator[str]:
    for raised in raises(call, view):
        where = " or ".join(map(str, raised.resources))
        yield f"  {raised.at} {where}: {' or '.join(raised.names) or 'an event'}"
        needs = zip(raised.actions, raised.arns, strict=False)
        yield f"    needs {', '.join(f'{action} on {arn}' for action, arn in needs)}"
        yield from (f"    passes {action} on {arn}" for action, arn in raised.passed)
        yield from _facts("    known", raised.facts)
        yield from (f"    because {reason.text} [{reason.kind}]" for reason in raised.because)
        payload = payload_of(raised, call, view)
        yield from (f"    sends {name} = {ast.unparse(part)}" for name, part in payload.parts.items())
        yield from _facts("    arriving", payload.facts)
        yield from (f"    {ast.unparse(generator).strip()}" for generator in payload.generators)
        yield from (f"    since {reason.text} [{reason.kind}]" for reason in payload.because)
        given = SERVICES[payload.service].lambda_event((payload,), {})
        yield f"    gives {ast.unparse(ast.fix_missing_locations(given))}"


def _facts(word: str, facts: Mapping[str, Sequence[Pattern]]) -> Iterator[str]:
    yield from (f"{word} {name} = {' or '.join(map(str, patterns))}" for name, patterns in facts.items())


def test_what_each_call_sends(calls: Calls, golden: Callable[[str, str], None]) -> None:
    lines: list[str] = []
    for statement in STATEMENTS:
        lines.append(statement)
        for call, view in calls(statement):
            lines += told(call, view)
    golden("sent.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_part_of_an_event_object_can_be_written(calls: Calls, statement: str) -> None:
    """What arrives is written into the program that Pysa reads: each tree is whole, and each name in it is bound."""
    for call, view in calls(statement):
        for raised in raises(call, view):
            payload = payload_of(raised, call, view)
            given = SERVICES[payload.service].lambda_event((payload,), {})
            compile(ast.fix_missing_locations(ast.Expression(given)), "<event>", "eval")
