"""What a call may mean that names what it calls by a computed name, and where that is not known."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sls_lab.code import Code, read_code
from tests.code.builder import function, template

BEGIN = """
import importlib, os, subprocess
from collections import defaultdict
import library

def run(x): ...
def ruin(x): ...
def show(x): ...

class Base:
    def do_run(self, x): ...
    def do_show(self, x): ...
    @classmethod
    def made(cls, x): ...

class Other(Base):
    def do_run(self, x): ...

TABLE = {"run": run, "show": show}
GIVEN = library.actions()
"""


def read(tmp_path: Path, body: str) -> Code:
    (tmp_path / "handler.py").write_text(f"{BEGIN}\ndef handler(event, context):\n    {body}\n", encoding="utf-8")
    return read_code(template(tmp_path, function("app", env={"KIND": "run"})))


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("TABLE[event['n']](1)", {"run", "show"}),
        ("TABLE['ru' + event['n']](1)", {"run"}),
        ("globals()['ru' + event['n']](1)", {"run", "ruin"}),
        ("getattr(Base(), 'do_' + event['n'])(1)", {"Base.do_run", "Base.do_show"}),
        ("getattr(Other(), f\"do_{event['n']}\")(1)", {"Other.do_run", "Base.do_show"}),
        ("getattr(Base, event['n'])(1)", {"Base.do_run", "Base.do_show", "Base.made"}),
        ("Base.__subclasses__()[0]().do_run(1)", {"Other"}),
        ("vars(subprocess)['run'](1)", {"subprocess.run"}),
        ("os.__dict__['system'](1)", {"os.system"}),
        ("importlib.import_module('os').system(1)", {"os.system"}),
        ("[show, GIVEN][0](1)", {"show"}),
        ("{'a': Base}[event['n']](1)", {"Base"}),
        ("{'run': run, 'show': show}[os.environ['KIND']](1)", {"run"}),
        ("{'run': run}.get(os.environ.get('KIND', 'show'), ruin)(1)", {"run"}),
        ("d = defaultdict(list); d[event['n']].append(run); [f(1) for one in d.values() for f in one]", {"run"}),
        ("d = defaultdict(lambda: show); d[event['n']](1)", {"show"}),
    ],
)
def test_functions_are_found_by_names_that_are_known_in_part(tmp_path: Path, body: str, named: set[str]) -> None:
    code = read(tmp_path, body)
    found = {
        one.library
        or ".".join(part.name for part in (one.owner, one.node) if isinstance(part, ast.FunctionDef | ast.ClassDef))
        for choice in code.choices
        if not choice.is_named
        for one in choice.functions
    }
    assert found == named
    assert code.open_calls == ()


@pytest.mark.parametrize(
    "body",
    [
        "getattr(os, event['n'])(1)",
        "getattr(Base(), 'undo_' + event['n'])(1)",
        "GIVEN[event['n']](1)",
        "GIVEN.get(event['n'])(1)",
        "GIVEN[event['n']]().send(1)",
        "getattr(os, event['n'])(1).strip().join([])",
        "os.__dict__[event['n']](1)",
        "importlib.import_module(event['n']).run(1)",
        "{}.get(event['n'])(1)",
        "{}[event['n']](1)",
        "{**GIVEN}[event['n']](1)",
        "for one in GIVEN: one(1)",
    ],
)
def test_what_is_not_known_is_left_open(tmp_path: Path, body: str) -> None:
    assert read(tmp_path, body).open_calls


@pytest.mark.parametrize(
    "body",
    [
        "run(1)",
        "GIVEN.send(1)",
        "GIVEN[event['n']].send(1)",
        "GIVEN.get(event['n']).strip()",
        "library.TABLE['fixed'](1)",
        "library.make()(1)",
        "event['n'](1)",
        "event.get(event['n'])(1)",
        "TABLE.get(event['n'], show)(1)",
        "for one in event['n']: one.strip()",
    ],
)
def test_everything_else_is_known_or_a_library_s_own(tmp_path: Path, body: str) -> None:
    assert read(tmp_path, body).open_calls == ()


def test_modules_are_found_by_names_that_are_known_in_part(tmp_path: Path) -> None:
    (tmp_path / "actions").mkdir()
    for name in ("send", "show"):
        (tmp_path / "actions" / f"{name}.py").write_text("def act(x): ...\n", encoding="utf-8")
    code = read(tmp_path, "importlib.import_module('actions.' + event['n']).act(1)")
    assert code.open_calls == ()
    assert {"actions/send.py", "actions/show.py"} <= set(code.modules)


def test_all_functions_of_a_large_table_are_kept_apart(tmp_path: Path) -> None:
    table = ", ".join(f"'{number}': lambda x: x + {number}" for number in range(20))
    (choice,) = read(tmp_path, f"{{{table}}}[event['n']](1)").choices
    assert len(choice.functions) == 20
    table = ", ".join(f"'{number}': lambda x: x + {number}" for number in range(30))
    assert len(read(tmp_path, f"{{{table}}}[event['n']](1)").open_calls) == 1
