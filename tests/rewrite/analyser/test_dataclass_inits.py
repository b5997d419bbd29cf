"""A dataclass is given the `__init__` that Python makes, where Pysa does not know it."""

from __future__ import annotations

import ast

import pytest
from asttokens import ASTText

from sls_lab.python.module import Module
from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.dataclass_inits import DataClasses
from sls_lab.rewrite.analyser.draft import Draft

BASE = "@dataclass\nclass A:\n    a: str\n"


def added(text: str, **others: str) -> list[str]:
    """The lines that are added to the file `app.py`; `others` are files beside it."""
    modules = {}
    for name, source in {"app": text, **others}.items():
        tree = ast.parse(source)
        modules[f"{name}.py"] = Module(f"{name}.py", source, tree, ASTText(source, tree=tree), (name,))
    draft = Draft("app.py", text)
    written = PositionMap("app.py", text, list(DataClasses(modules).edits(draft))).text
    ast.parse(written)
    before = text.splitlines()
    return [line for line in written.splitlines() if line not in before]


def test_one_that_goes_on_after_its_init() -> None:
    text = (
        "@dataclass\nclass A:\n    a: str\n    b: InitVar[int] = 1\n    c: str = field(init=False)\n"
        "    def __post_init__(self, b): pass\n"
    )
    expected = ["    def __init__(self, a, b=None):", "        self.a = a", "        self.__post_init__(b)"]
    assert added(text) == expected
    assert added(text.replace("class A:", "class A(Unknown):")) == expected
    assert added(text.replace("__post_init__", "after")) == []


@pytest.mark.parametrize(
    ("base", "child", "parameters"),
    [
        (BASE, "@dataclass\nclass B(A):\n    b: int = 0\n", "a, b=None"),
        (BASE, "@dataclasses.dataclass(frozen=True)\nclass B(A):\n    pass\n", "a"),
        (BASE, "@dataclass\nclass B(A): b: int = 0\n", "a, b=None"),
        (BASE, "class M(A):\n    m: int\n@dataclass\nclass B(M, Unknown):\n    b: int\n", "a, b"),
        (BASE, "@dataclass\nclass B(A):\n    b: int = 0\n    a: str = 'x'\n", "a=None, b=None"),
        (BASE.replace("str", "str = ''"), "@dataclass\nclass B(A):\n    b: int\n", "a=None, b=None"),
        (BASE, "@dataclass\nclass B(A):\n    b: int\n    c: ClassVar[int] = 1\n", "a, b"),
        (BASE, "@dataclass\nclass B(A):\n    b: list = field(default_factory=list)\n", "a, b=None"),
        (BASE, "@dataclass\nclass B(A):\n    b: list = field(repr=False)\n", "a, b"),
        (BASE.replace("dataclass", "dataclass(kw_only=True)"), "@dataclass\nclass B(A):\n    b: int\n", "b, *, a"),
        (BASE, "@dataclass\nclass B(A):\n    _: KW_ONLY\n    b: int = 0\n", "a, *, b=None"),
        (BASE, "@dataclass\nclass C:\n    c: str\n@dataclass\nclass B(A, C):\n    b: int\n", "c, a, b"),
    ],
)
def test_inherited_fields_come_first(base: str, child: str, parameters: str) -> None:
    first, *kept = (line.strip() for line in added(base + child) if "self" in line)
    names = [name.partition("=")[0] for name in parameters.split(", ") if name != "*"]
    assert first == f"def __init__(self, {parameters}):"
    assert sorted(kept) == sorted(f"self.{name} = {name}" for name in names)


@pytest.mark.parametrize(
    "imported",
    [
        "from base import A\n",
        "from base import A as X\n",
        "import base\n",
        "import base as b\n",
        "from . import base\n",
    ],
)
def test_a_base_in_another_file(imported: str) -> None:
    name = {"from base import A as X\n": "X", "from base import A\n": "A", "import base as b\n": "b.A"}
    text = f"{imported}@dataclass\nclass B({name.get(imported, 'base.A')}):\n    b: int\n"
    assert added(text, base=BASE)[0].strip() == "def __init__(self, a, b):"


def test_what_a_base_does_after_its_init() -> None:
    text = f"{BASE}    def __post_init__(self): pass\n@dataclass\nclass B(A):\n    pass\n"
    assert [line.strip() for line in added(text)].count("self.__post_init__()") == 2


@pytest.mark.parametrize(
    "child",
    [
        "class B(A):\n    b: int\n",
        "@dataclass(init=False)\nclass B(A):\n    b: int\n",
        "@dataclass\nclass B(A):\n    b: int\n    def __init__(self): pass\n",
        "@dataclass\nclass B(Unknown):\n    b: int\n",
        "@dataclass\nclass B(B):\n    b: int\n",
        "@other\nclass B(A):\n    b: int\n",
    ],
)
def test_others_stay(child: str) -> None:
    assert added(BASE + child) == []
