"""What a name means: the one definition or value that it has, in this module or another, or nothing that is certain."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.python.scopes import scopes_around
from sls_lab.taint.judge.definitions import Meanings, makes_at_once

FILES = {
    "a.py": """import b
import lib.c
from b import made, LIMIT as limit, Thing, again
from lib import c as other
from .b import made as near
own = 3
twice = 1
twice = 2
grown = []
grown.append(1)
class First:
    def use(self):
        self.helper, self.missing, self.shared, cls.helper
    def helper(self): pass
    def shared(self): pass
class Second:
    def shared(self): pass
def local(): pass
def handler(param):
    made, limit, Thing, again, near, b.made, b.missing, b.Thing, other.deep, own, twice, grown, local, First
    param, unknown, param.made, made.made, lib.c
""",
    "b.py": """from lib.c import deep as again
def made(x): return x
LIMIT = 10
class Thing: pass
""",
    "lib/c.py": "def deep(): pass\n",
}


def parsed(name: str, text: str) -> Module:
    found = parse_text(name, text)
    assert isinstance(found, Module)
    return replace(found, names=(name.removesuffix(".py").replace("/", "."),))


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    return {name: parsed(name, text) for name, text in FILES.items()}


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("made", "b.py:2"),
        ("near", "b.py:2"),
        ("b.made", "b.py:2"),
        ("limit", "b.py:3"),
        ("Thing", "b.py:4"),
        ("b.Thing", "b.py:4"),
        ("again", "lib/c.py:1"),
        ("other.deep", "lib/c.py:1"),
        ("own", "a.py:6"),
        ("local", "a.py:18"),
        ("First", "a.py:11"),
        ("self.helper", "a.py:14"),
        ("cls.helper", "a.py:14"),
        ("self.missing", None),
        ("self.shared", None),  # another class has a method of this name: it may be the object's
        ("b.missing", None),
        ("twice", None),
        ("grown", None),
        ("param", None),
        ("unknown", None),
        ("param.made", None),
        ("made.made", None),
        ("lib.c", None),
    ],
)
def test_what_a_name_means(modules: dict[str, Module], expression: str, place: str | None) -> None:
    module = modules["a.py"]
    node = next(
        node for node in ast.walk(module.tree) if isinstance(node, ast.expr) and ast.unparse(node) == expression
    )
    found = Meanings(modules).meant(node, scopes_around(module, node))
    told = None if found is None else f"{found.module.file}:{getattr(found.node, 'lineno', 0)}"
    assert told == place


ASSIGNED = """class A:
    def __init__(self, x):
        self.x = x
        self.only = x
def change(one, name):
    one.x = 1
    del one.gone
    setattr(one, "named", 1)
"""


def test_whether_an_attribute_is_given_another_value() -> None:
    module = parsed("a.py", ASSIGNED)
    meanings = Meanings({"a.py": module})
    made = module.tree.body[0].body[0]
    assert {name for name in ("x", "only", "gone", "named", "never") if meanings.assigns(name)} == {
        "x",
        "only",
        "gone",
        "named",
    }
    assert [meanings.assigns(name, made) for name in ("x", "only")] == [True, False]
    anything = Meanings({"a.py": parsed("a.py", ASSIGNED + "    setattr(one, name, 1)\n")})
    assert anything.assigns("never")


def test_whether_a_class_below_has_a_method_of_its_own() -> None:
    text = "import m\nclass A: pass\nclass B(A):\n    def own(self): pass\nclass C(m.D):\n    def other(self): pass\n"
    meanings = Meanings({"a.py": parsed("a.py", text)})
    assert meanings.is_overridden("own", "A")
    assert meanings.is_overridden("other", "D")
    assert not meanings.is_overridden("other", "A")
    assert not meanings.is_overridden("own", "B")


@pytest.mark.parametrize(
    ("definition", "at_once"),
    [
        ("def f(x): return x", True),
        ("async def f(x): return x", True),
        ("@staticmethod\ndef f(x): return x", True),
        ("@classmethod\ndef f(x): return x", True),
        ("@wrapped\ndef f(x): return x", False),
        ("def f(x): yield x", False),
        ("def f(x): yield from x", False),
        ("def f(x):\n    def g(): yield x\n    return g", True),
        ("@wrapped\ndef f(x): yield x", False),
        ("class f: pass", False),
    ],
)
def test_whether_a_call_runs_a_function_as_it_is_written(definition: str, at_once: bool) -> None:
    assert makes_at_once(ast.parse(definition).body[0]) is at_once
