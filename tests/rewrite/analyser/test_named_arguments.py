"""What is given to a constructor that Pysa does not know has a name."""

from __future__ import annotations

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.named_arguments import argument_edits


def written(text: str) -> str:
    before, after = argument_edits(Draft("a.py", text), {"Job"})
    edited = PositionMap("a.py", text, [*before, *after]).text
    compile(edited, "a.py", "exec")
    return edited.replace("sls_lab_given", "g")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Job(**web.event.body)", "Job(**(g := web.event.body))"),
        ("jobs.Job(1, name = é.f(web.event)['n'], x=y)", "jobs.Job(1, name = (g := é.f(web.event)['n']), x=y)"),
        (
            "Job(*(web.event).list,\n  **load(\n  web.body))",
            "Job(*(g := (web.event).list),\n  **(g := load(\n  web.body)))",
        ),
        ("[Job(a=one.b) for one in rows]", "[Job(a=(g := one.b)) for one in rows]"),
        ("class A:\n def f(self): Job(a=self.web.event)", "class A:\n def f(self): Job(a=(g := self.web.event))"),
    ],
)
def test_an_argument_in_which_an_attribute_is_read(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Other(web.event)",
        "Job(name, 1, web.read(event), **data)",
        "Job(one.a for one in rows)",
        "Job((known := web.event))",
        "[x for x in Job(web.event)]",
        "class A:\n a = [Job(web.event) for web in rows]",
        "f'{Job(web.event)}'",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert written(text) == text
