"""What binds the names of a scope, and what changes them."""

from __future__ import annotations

import ast
import symtable
from pathlib import Path

import pytest

from sls_lab.python.bindings import Bindings, bindings, namespaces_within
from sls_lab.python.module import CallableNode, Module
from sls_lab.python.parsing import parse_bytes, parse_text
from sls_lab.python.scopes import constant, owner, scopes_around

ROOT = Path(__file__).parents[2]
FORMS = """
import os, xml.dom as dom, email.mime
from json import *
from json import loads as read, dumps
first = second = (third, [fourth, *fifth]) = 1, 2
counted: int = 0
declared: str
counted += 1
def outer(a, /, b=first, *rest, c=None, **named):
    global counted
    counted = lambda x, y=a: x + y
    total = [inner := each for each in rest for deep in each if deep]
    def inside(b):
        nonlocal a
        a = b
        class Local(Base):
            size = a
            def method(self): return size
        yield Local
    with open(a) as file, open(b) as (left, right.attribute):
        pass
    match c:
        case {"k": key, **others} | [key, *others]: ...
        case str() as text: ...
        case unmatched: ...
    for index, named["x"] in enumerate(rest): ...
    try: ...
    except (ValueError, TypeError) as error: ...
    del file, left
    async def later():
        async for one in rest: await one
        async with a as b: ...
    return {k: v for k, v in named.items()}, {each for each in rest}, (each for each in rest)
"""


def module(text: str) -> Module:
    parsed = parse_text("main.py", text)
    assert isinstance(parsed, Module), parsed
    return parsed


def body(text: str) -> Bindings:
    """The bindings of the only function, or of the module where there is none."""
    tree = module(text).tree
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return bindings(functions[0] if functions else tree)


def sources() -> list[str]:
    folders = ("code-examples", "sls_lab/code", "sls_lab/python", "sls_lab/services")
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    read = [parse_bytes(file.name, file.read_bytes()) for file in files]
    return [FORMS, *(parsed.text for parsed in read if isinstance(parsed, Module))]


def of_symtable(table: symtable.SymbolTable) -> list[tuple[str, list[str], list[str], list[str]]]:
    """(name, local, global, nonlocal) of all scopes but comprehensions, which later Pythons have none for."""
    found = []
    if table.get_name() not in {"listcomp", "setcomp", "dictcomp", "genexpr"}:
        symbols = table.get_symbols()
        declared = {one.get_name() for one in symbols if one.is_declared_global()}
        outer = {one.get_name() for one in symbols if one.is_nonlocal()}
        bound = {one.get_name() for one in symbols if one.is_assigned() or one.is_parameter() or one.is_imported()}
        if table.get_type() == "module":  # it tells what functions declare as if the module did
            declared = set()
        bound -= declared | outer
        found.append((table.get_name(), sorted(bound), sorted(declared), sorted(outer)))
    for child in table.get_children():
        found += of_symtable(child)
    return found


def test_local_and_declared_names_are_those_of_the_standard_library() -> None:
    for text in sources():
        tree = ast.parse(text)
        expected = sorted(of_symtable(symtable.symtable(text, "main.py", "exec")))
        found = []
        for scope in namespaces_within(tree):
            known = bindings(scope)
            name = "top" if isinstance(scope, ast.Module) else getattr(scope, "name", "lambda")
            found.append((name, sorted(known.local), sorted(known.globals), sorted(known.nonlocals)))
        assert sorted(found) == expected


@pytest.mark.parametrize(
    "code",
    [
        "",
        "other = 'b'",
        "x.startswith('a'); print(x); y = x + 'b'; x.attribute",
        "x: str",
        "def f():\n        x = 'b'",
        "def f(x):\n        x[0] = 'b'",
        "class C:\n        x = 'b'",
        "[x for x in event]",
        "lambda x: x",
    ],
)
def test_a_name_that_nothing_else_binds_is_constant(code: str) -> None:
    known = body(f"def handler(event):\n    x = 'a'\n    {code}\n    return x")
    value = known.constant("x")
    assert isinstance(value, ast.Constant) and value.value == "a"


@pytest.mark.parametrize(
    "code",
    [
        "x = 'b'",
        "x: str = 'b'",
        "x += 'b'",
        "x, y = event",
        "[x, *y] = event",
        "*x, y = event",
        "if (x := event): pass",
        "[y for z in event if (x := z)]",
        "for x in event: pass",
        "for y, (x, z) in event: pass",
        "with event as x: pass",
        "with event as (y, x): pass",
        "match event:\n        case {'p': x}: pass",
        "match event:\n        case {'p': 1, **x}: pass",
        "match event:\n        case [y, *x]: pass",
        "match event:\n        case str() as x: pass",
        "match event:\n        case x: pass",
        "match event:\n        case Point(a, b=x) | [x, a]: pass",
        "try: pass\n    except E as x: pass",
        "import x",
        "import x.y",
        "from y import z as x",
        "x: str; x = 'b'",
        "del x",
        "def x(): pass",
        "class x: pass",
        "x[0] = event",
        "x['k']['l'] = event",
        "x[0] += event",
        "x[0], y = event",
        "del x[0]",
        "for x[0] in event: pass",
        "x.insert(0, event)",
        "x.extend(event)",
        "x.append(event)",
        "x.update(event)",
        "x.update({'k': event})",
        "x.update(k=event)",
        "x.pop()",
        "x.appendleft(event)",
        "[x.append(y) for y in event]",
        "def f():\n        nonlocal x\n        x = event",
        "def f():\n        x[0] = event",
        "def f():\n        def g():\n            x.append(event)",
        "class C:\n        def f(self):\n            x.insert(0, event)",
        "f = lambda: x.append(event)",
    ],
)
def test_whatever_binds_or_changes_a_name_again_makes_it_vary(code: str) -> None:
    assert body(f"def handler(event):\n    x = ['a']\n    {code}\n    return x").constant("x") is None


@pytest.mark.parametrize(
    ("code", "constant_there"),
    [
        ("def set(v):\n    global X\n    X = v", False),
        ("class C:\n    def set(self, v):\n        global X\n        X += v", False),
        ("def set(v):\n    X[0] = v", False),
        ("def set(v):\n    X.append(v)", False),
        ("from settings import *", False),
        ("def read():\n    global X\n    return X", True),
        ("def set(v):\n    X = v", True),
        ("def set(X):\n    X[0] = 1", True),
        ("def outer():\n    X = []\n    def inner():\n        X.append(1)", True),
        ("def outer():\n    X = 1\n    def inner():\n        global X\n        X = 2", False),
    ],
)
def test_functions_change_what_a_module_binds(code: str, constant_there: bool) -> None:
    assert (bindings(module(f"X = ['a']\n{code}").tree).constant("X") is not None) is constant_there


def test_a_name_of_several_targets_has_its_own_value() -> None:
    known = body("a = b = 'x'\n(c, [d, e]) = 'y', ['z', 'w']\nf, g = event\n*h, i = 1, 2")
    written = {name: value and ast.unparse(value) for name in "abcdefghi" for value in known.values[name]}
    assert written == {
        **{"a": "'x'", "b": "'x'", "c": "'y'", "d": "'z'", "e": "'w'"},
        **dict.fromkeys("fghi"),
    }


def test_what_goes_into_a_name_is_told_with_its_value() -> None:
    code = "x['k'] = a\nx.append(b)\nx.insert(0, c)\nx.y = d\nx += e\nx.pop(f)\nx.update(g=h)\nfor x in i: pass"
    known = bindings(module(code).tree)
    assert [(one.kind.name, ast.unparse(one.value) if one.value else None) for one in known.every] == [
        ("ITEM", "a"),
        ("ADDED", "b"),
        ("CHANGED", "c"),
        ("ATTRIBUTE", "d"),
        ("CHANGED", "e"),
        ("CHANGED", None),
        ("ITEM", "h"),
        ("PART", "i"),
    ]


@pytest.mark.parametrize(
    ("case", "value"),
    [
        ("'a' as x", "'a'"),
        ("'a' | 'b' as x", "'a' or 'b'"),
        ("{'k': 'a' | 'b' as x}", "'a' or 'b'"),
        ("['a' as x, *y]", "'a'"),
        ("str() as x", None),
        ("'a' | str() as x", None),
        ("'a' | Names.B as x", None),
        ("{'k': x}", None),
        ("x", None),
    ],
)
def test_a_capture_of_literals_is_one_of_them(case: str, value: str | None) -> None:
    found = body(f"def f(event):\n    match event:\n        case {case}: return x").constant("x")
    assert (found and ast.unparse(found)) == value


def test_a_default_is_told_but_is_no_value() -> None:
    known = body("def f(a, /, b=1, *c, d=2, **e): pass")
    assert [(one.name, one.value and ast.unparse(one.value)) for one in known.every] == [
        ("a", None),
        ("b", "1"),
        ("c", None),
        ("d", "2"),
        ("e", None),
    ]
    assert all(known.constant(name) is None for name in "abcde")


SCOPES = """
X = "module"
class C:
    X = "class"
    Y = X
    Z = [X for _ in X]
    def method(self, given=X):
        Q = X
        def inner():
            X = "inner"
            return X
        return lambda: X
    W = lambda X: X
def shadow():
    return [X for X in X]
def deep():
    X = "deep"
    def inside():
        return X
"""


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (5, 8, "'class'"),
        (6, 9, "'module'"),
        (6, 20, "'class'"),
        (7, 27, "'class'"),
        (8, 12, "'module'"),
        (11, 19, "'inner'"),
        (12, 23, "'module'"),
        (13, 18, None),
        (15, 12, None),
        (15, 23, "'module'"),
        (19, 15, "'deep'"),
    ],
)
def test_a_name_is_looked_up_where_python_does(line: int, column: int, expected: str | None) -> None:
    read = module(SCOPES)
    node = next(
        node
        for node in ast.walk(read.tree)
        if isinstance(node, ast.Name) and (node.lineno, node.col_offset) == (line, column)
    )
    found = constant(node.id, scopes_around(read, node))
    assert (found and ast.unparse(found)) == expected


def test_what_is_built_in_is_nobodys_variable() -> None:
    tree = module("def f():\n    global Y\n    return len(Y)").tree
    function = tree.body[0]
    assert isinstance(function, CallableNode)
    assert owner("len", (function, tree)) is None
    assert owner("Y", (function, tree)) is tree
    assert constant("Y", (function, tree)) is None
