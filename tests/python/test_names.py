"""What names mean, with imports and other names for them."""

from __future__ import annotations

import ast

import pytest

from sls_lab.python.module import Module
from sls_lab.python.names import meanings
from sls_lab.python.parsing import parse_text
from sls_lab.python.scopes import scopes_around


def meant(code: str, own: tuple[str, ...] = ()) -> set[str]:
    """What is called by the last call of `code` that is a statement."""
    module = parse_text("m.py", code)
    assert isinstance(module, Module)
    call = max((node for node in ast.walk(module.tree) if isinstance(node, ast.Expr)), key=lambda one: one.lineno).value
    assert isinstance(call, ast.Call)
    return set(meanings(call.func, scopes_around(module, call), own))


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import os\nos.path.basename(x)", {"os.path.basename"}),
        ("import os\nimport os.path\nos.path.basename(x)", {"os.path.basename"}),
        ("import os.path as p\np.basename(x)", {"os.path.basename"}),
        ("from os import path\npath.basename(x)", {"os.path.basename"}),
        ("from os.path import basename as last\ndef f(x):\n    last(x)", {"os.path.basename"}),
        ("def f(x):\n    from shlex import quote\n    quote(x)", {"shlex.quote"}),
        ("import shlex\nsafe = shlex.quote\ndef f(x):\n    safe(x)", {"shlex.quote"}),
        ("try:\n    from shlex import quote\nexcept ImportError:\n    from pipes import quote\nquote(x)", None),
        ("int(x)", {"builtins.int"}),
        ("import os\ndef f(x):\n    os.remove(x)\nos.path.basename(x)", {"os.path.basename"}),
    ],
)
def test_a_name_of_a_library(code: str, names: set[str] | None) -> None:
    assert meant(code) == ({"shlex.quote", "pipes.quote"} if names is None else names)


@pytest.mark.parametrize(
    "code",
    [
        "def int(x): return x\nint(x)",
        "def f(int, x):\n    int(x)",
        "from . import quote\nquote(x)",
        "from .shlex import quote\nquote(x)",
        "from shlex import quote\ndef f(x):\n    quote = clean\n    quote(x)",
        "from shlex import quote\ndef g():\n    global quote\n    quote = str\ndef f(x):\n    quote(x)",
        "from mine import *\nint(x)",
        "from shlex import quote\nfrom mine import *\nquote(x)",
        "from shlex import quote\nquote = clean(quote)\nquote(x)",
        "a = b\nb = a\na(x)",
        "unknown(x)",
        "tools['quote'](x)",
        "made().quote(x)",
    ],
)
def test_what_may_be_something_else_means_nothing(code: str) -> None:
    assert meant(code) == set()


def test_a_module_of_the_application_comes_first() -> None:
    assert meant("import shlex\nshlex.quote(x)", own=("shlex",)) == set()
    assert meant("from tools.text import quote\nquote(x)", own=("tools",)) == set()
    assert meant("from tools import text\ntext.quote(x)", own=("tools.text",)) == set()


@pytest.mark.parametrize(
    "code",
    [
        "\n".join(["node = node.parent"] * 60),
        "\n".join(f"a{number} = a{number + 1}" for number in range(12) for _ in range(12)) + "\nimport os as a12",
        "\n".join(f"a{number} = a{(number + 1) % 12}.x\na{number} = a{(number + 5) % 12}" for number in range(12)),
    ],
)
def test_names_that_are_given_each_other_cost_little(code: str) -> None:
    tree = ast.parse(code)
    assert meanings(ast.parse("a0.node.parent", mode="eval").body, (tree,)) == frozenset()
    assert meanings(ast.parse("node.parent", mode="eval").body, (tree,)) == frozenset()
