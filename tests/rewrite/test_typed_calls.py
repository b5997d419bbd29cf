"""A call of a method is written by its class as well, where no type shows whose method it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """service: demo
provider: {name: aws, runtime: python3.12}
functions:
  one: {handler: app.handler, events: [{httpApi: POST /x}]}
"""
CLASSES = """import sqlite3
from abc import ABC
from contextlib import contextmanager
from typing import Any, Iterator, Protocol
from shapes import Flat, flat

class Shape(Protocol):
    def draw(self, text): ...

class Base(ABC):
    def draw(self, text): ...

class Round:
    def draw(self, text): len(text)
    def again(self, text): self.draw(text)

class Below(Base):
    def draw(self, text): len(text)
"""
SHAPES = """class Flat:
    def draw(self, text): len(text)

def flat(): return Flat()
"""


def written(folder: Path, *lines: str) -> list[str]:
    """What is added to calls where the application has these lines; `x` is the handler's event."""
    (folder / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "shapes.py").write_text(SHAPES, encoding="utf-8")
    (folder / "app.py").write_text(CLASSES + "\n".join(lines) + "\n", encoding="utf-8")
    edits = load_app(folder).rewriting.files["app.py"].edits
    assert all(edit.because for edit in edits)
    return [edit.text for edit in edits if edit.kind == "named-call" and edit.text not in "()"]


HANDLER = "def handler(x, context):"


@pytest.mark.parametrize(
    ("lines", "added"),
    [
        (["def f(s: Shape, x): s.draw(x)", HANDLER, " f(Round(), x)"], " or Round.draw(s, x)"),
        (["def f(s: Any, x): return s.draw(x)", HANDLER, " f(Round(), x)"], " or Round.draw(s, x)"),
        (["def f(s: 'Unknown', x): s.draw(text=x)", HANDLER, " f(Round(), x)"], " or Round.draw(s, text=x)"),
        (["def f(s: Shape, x): s.draw(x)", HANDLER, " f(Flat(), x)"], " or Flat.draw(s, x)"),
        ([HANDLER, " s: Shape = Round()", " s.draw(x)"], " or Round.draw(s, x)"),
        (["s: Any = Round()", HANDLER, " s.draw(x)"], " or Round.draw(s, x)"),
        (["def f(all, x):", " for s in all: s.draw(x)", HANDLER, " f([Round()], x)"], " or Round.draw(s, x)"),
        (["def f(*all): [s.draw(1) for s in all]", HANDLER, " f(Round())"], " or Round.draw(s, 1)"),
        (["def f() -> Shape: return Round()", HANDLER, " f().draw(x)"], " or Round.draw(f(), x)"),
        (["def f() -> Base: return Below()", HANDLER, " f().draw(x)"], " or Below.draw(f(), x)"),
        (["def f(s): s[0].draw(1)", HANDLER, " f([Round()])"], " or Round.draw(s[0], 1)"),
        (
            [
                "class A:",
                " s: Any",
                " def go(self, x): self.s.draw(x)",
                HANDLER,
                " a = A()",
                " a.s = Round()",
                " a.go(x)",
            ],
            " or Round.draw(self.s, x)",
        ),
        (
            ["def f() -> Any: return sqlite3.connect('x')", HANDLER, " f().execute(x)"],
            " or Connection.execute(f(), x)",
        ),
        (
            [
                "@contextmanager",
                "def f() -> Iterator[Any]:",
                " yield sqlite3.connect('x')",
                HANDLER,
                " with f() as c: c.execute(x)",
            ],
            " or Connection.execute(c, x)",
        ),
    ],
)
def test_by_its_class(tmp_path: Path, lines: list[str], added: str) -> None:
    assert written(tmp_path, *lines) == [added]


def test_every_class_that_it_may_be(tmp_path: Path) -> None:
    lines = ["def f(s: Shape, x): s.draw(x)", HANDLER, " f(Round(), x)", " f(Flat(), x)"]
    assert written(tmp_path, *lines) == [" or Round.draw(s, x)", " or Flat.draw(s, x)"]


@pytest.mark.parametrize(
    "lines",
    [
        [HANDLER, " Round().draw(x)"],
        [HANDLER, " s = Round()", " s.draw(x)", " s.again(x)"],
        [HANDLER, " s = flat()", " s.draw(x)"],
        [HANDLER, " s = Round() if x else Flat()", " s.draw(x)"],
        [HANDLER, " s = None", " s = s or Round()", " s.draw(x)"],
        ["s = Round()", HANDLER, " s.draw(x)"],
        ["def f(s: Round, x): s.draw(x)", HANDLER, " f(Round(), x)"],
        ["def f(s: Base, x): s.draw(x)", HANDLER, " f(Below(), x)"],
        ["def f(s: 'Round | None', x): s.draw(x)", HANDLER, " f(Round(), x)"],
        ["def f(s, x): s.draw(x)", HANDLER, " f(Round(), x)"],
        ["def f() -> Round: return Round()", HANDLER, " f().draw(x)"],
        [HANDLER, " for s in [Round(), Flat()]: s.draw(x)"],
        [HANDLER, " all = {'r': Round()}", " all['r'].draw(x)", " for s in all.values(): s.draw(x)"],
        [
            "class A:",
            " def __init__(self): self.s = Round()",
            " def go(self, x): self.s.draw(x)",
            HANDLER,
            " A().go(x)",
        ],
        [HANDLER, " c = sqlite3.connect('x')", " c.cursor().execute(x)"],
        ["def f(c: sqlite3.Connection, x): c.execute(x)", HANDLER, " f(sqlite3.connect('x'), x)"],
        ["def f() -> Any: return sqlite3.connect('x')", HANDLER, " f().commit()"],
        ["def f(s: Shape, x): s.draw(x)", HANDLER, " f(x, x)"],
        ["def f(s: Shape, x): return f'{s.draw(x)}'", HANDLER, " f(Round(), x)"],
    ],
)
def test_what_a_type_shows_stays(tmp_path: Path, lines: list[str]) -> None:
    assert written(tmp_path, *lines) == []
