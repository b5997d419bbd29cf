"""A class is given the `__init__` that its library makes, where Pysa does not know it."""

from __future__ import annotations

import ast

import pytest
from asttokens import ASTText

from sls_lab.python.module import Module
from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.class_inits import ClassInits
from sls_lab.rewrite.analyser.draft import Draft

BASE = "@dataclass\nclass A:\n    a: str\n"


def added(text: str, **others: str) -> list[str]:
    """The lines that are added to the file `app.py`; `others` are files beside it."""
    modules = {}
    for name, source in {"app": text, **others}.items():
        tree = ast.parse(source)
        modules[f"{name}.py"] = Module(f"{name}.py", source, tree, ASTText(source, tree=tree), (name,))
    draft = Draft("app.py", text)
    written = PositionMap("app.py", text, list(ClassInits(modules).edits(draft))).text
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


IMPORTS = (
    "import attr, attrs, msgspec, pydantic\nfrom attrs import define, field\n"
    "from pydantic import BaseModel, Field\nfrom typing import Generic\n"
)
A_MODEL = "class A(BaseModel):\n    a: str\n"


def written(text: str) -> list[str]:
    """What is added to a file that imports the libraries, without indents."""
    return [line.strip() for line in added(IMPORTS + text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@define\nclass A:\n    a: str\n    b: int = 1\n", "self, a, b=None"),
        ("@attrs.frozen(kw_only=True)\nclass A:\n    a: str\n", "self, *, a"),
        ("@define\nclass A:\n    _a: str\n    b: ClassVar[int] = 1\n", "self, a"),
        ("@define\nclass A:\n    a: str = field(init=False)\n    b: str = field(alias='c')\n", "self, c"),
        ("@define\nclass A:\n    a = field()\n    b: str = ''\n", "self, a"),
        ("@define(auto_attribs=True)\nclass A:\n    a = field()\n    b: str = ''\n", "self, a, b=None"),
        ("@attr.s\nclass A:\n    a = attr.ib()\n    b: str = ''\n    c = attr.ib(1)\n", "self, a, c=None"),
        ("@attr.s(auto_attribs=True)\nclass A:\n    a: str\n    b: str = ''\n", "self, a, b=None"),
        ("@attr.s\nclass A:\n    a = attr.ib()\n    @a.default\n    def made(self): return 1\n", "self, a=None"),
        ("@attr.s\nclass A:\n    a = attr.ib()\n    b = attr.ib(kw_only=True, factory=list)\n", "self, a, *, b=None"),
        ("class A(msgspec.Struct):\n    a: str\n    b: int = 1\n", "self, a, b=None"),
        ("class A(msgspec.Struct, kw_only=True):\n    a: str\n", "self, *, a"),
        (A_MODEL, "self, *, a=None"),
        ("class A(BaseModel):\n    a: str = Field(alias='b')\n    _c: int = 1\n", "self, *, b=None, a=None"),
        ("class A(BaseModel, Generic[T]):\n    a: str\n", "self, *, a=None"),
        ("class A(BaseModel):\n    a: Annotated[str, Field(validation_alias='b')]\n", "self, *, b=None, a=None"),
        (f"{A_MODEL}class B(A):\n    b: int\n", "self, *, a=None, b=None"),
    ],
)
def test_fields_of_other_libraries(text: str, expected: str) -> None:
    inits = [line for line in written(text) if line.startswith("def __init__")]
    assert inits[-1] == f"def __init__({expected}):"


@pytest.mark.parametrize(
    "text",
    [
        "@define(init=False)\nclass A:\n    a: str\n",
        "@define\nclass A:\n    a: str\n    def __init__(self, b): self.a = b\n",
        "@define\nclass A(Unknown):\n    a: str\n",
        "@attr.s(these={})\nclass A:\n    a: str\n",
        "@define(field_transformer=change)\nclass A:\n    a: str\n",
        "class A(BaseModel, Unknown):\n    a: str\n",
        "class A(BaseModel, extra='allow'):\n    a: str\n",
        "class A(BaseModel):\n    a: str = Field(alias='b-c')\n",
        "class A(BaseModel):\n    a: str = Field(alias='class')\n",
        "class A(BaseModel):\n    a: str = Field(alias=NAME)\n",
        "@define\nclass A:\n    a: str = field(alias=NAME)\n",
        "class A(BaseModel):\n    model_config = ConfigDict(alias_generator=to_camel)\n    a: str\n",
        "class A(BaseModel):\n    model_config = {'extra': 'allow'}\n    a: str\n",
        "class A(BaseModel):\n    model_config = {**SHARED}\n    a: str\n",
        "class A(BaseModel):\n    model_config = SHARED\n    a: str\n",
        "class A(BaseModel):\n    class Config:\n        extra = Extra.allow\n    a: str\n",
        f"{A_MODEL}    @pydantic.model_validator(mode='before')\n    def f(cls, given): return given\n",
        f"{A_MODEL}    @pydantic.root_validator(pre=True)\n    def f(cls, given): return given\n",
        f"{A_MODEL}    @pydantic.field_validator('a')\n    def f(cls, value, info): return info.data['b']\n",
        f"{A_MODEL}    @pydantic.field_validator('a', mode='wrap')\n    def f(cls, value): return value\n",
        f"{A_MODEL}    @pydantic.field_validator(*NAMES)\n    def f(cls, value): return value\n",
        "class A(pydantic.RootModel):\n    root: str\n",
    ],
)
def test_classes_whose_constructor_is_not_known(text: str) -> None:
    assert written(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@define\nclass A:\n    a: int = field(converter=int)\n", "self.a = int(a)"),
        ("@define\nclass A:\n    a: int = field(converter=[f, int])\n", "self.a = int(f(a))"),
        ("@define\nclass A:\n    a: int = field(converter=attrs.converters.pipe(f, g))\n", "self.a = g(f(a))"),
        ("@define\nclass A:\n    a: int = field(converter=attrs.converters.optional(int))\n", "self.a = int(a)"),
        ("@define\nclass A:\n    a: int = field(converter=attrs.converters.default_if_none(1))\n", "self.a = a"),
        ("@define\nclass A:\n    a: int = field(converter=lambda x: x[0])\n", "self.a = sls_lab_a_0(a)"),
        (f"{A_MODEL}    @pydantic.field_validator('a')\n    def f(cls, value): return value\n", "self.a = self.f(a)"),
        (f"{A_MODEL}    @pydantic.field_validator('*')\n    def f(cls, value): return value\n", "self.a = self.f(a)"),
        ("class A(BaseModel):\n    a: Annotated[str, pydantic.AfterValidator(f)]\n", "self.a = f(a)"),
        ("class A(BaseModel):\n    a: str = Field(alias='b')\n", "self.a = b or a"),
        (f"{A_MODEL}    def model_post_init(self, context): pass\n", "self.model_post_init(None)"),
        (f"{A_MODEL}    @pydantic.model_validator(mode='after')\n    def f(self): return self\n", "self.f()"),
    ],
)
def test_what_becomes_of_an_argument(text: str, expected: str) -> None:
    assert expected in written(text)


def test_a_converter_of_another_file_is_left_out_if_its_name_may_mean_something_else() -> None:
    base = "from attrs import define, field\n@define\nclass A:\n    a: int = field(converter=int)\n"
    text = "from attrs import define\nfrom base import A\n@define\nclass B(A):\n    b: int\n"
    assert "        self.a = int(a)" in added(text, base=base)
    assert "        self.a = a" in added(text, base=base.replace("=int)", "=shorter)"))


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("A.model_validate(x)", "return cls(a=given['a'] or given.a)"),
        ("A.parse_raw(x)", "return cls(a=given)"),
        ("A(a=x).model_dump()", "return {'a': self.a}"),
        ("A(a=x).json()", "return str(self.a)"),
        ("A(a=x).copy(update=y)", "made.a = update['a'] or self.a"),
    ],
)
def test_methods_of_models_that_are_used(use: str, expected: str) -> None:
    assert expected in written(f"{A_MODEL}{use}\n")
    assert written(f"{A_MODEL}A(a=x)\n") == ["def __init__(self, *, a=None):", "self.a = a"]


HEAD = "@dataclass\nclass A:\n    a: str\n    b: str = ''\n    def __post_init__(self):\n        "


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("self.a = int(self.a)", "self.a = int(sls_lab_a); sls_lab_a = self.a"),
        (
            "object.__setattr__(self, 'a', int(self.a))",
            "object.__setattr__(self, 'a', int(sls_lab_a)); sls_lab_a = self.a",
        ),
        ("self.a += self.b", "self.a += self.b; sls_lab_a = sls_lab_a or self.a"),
        ("self.a: int = 1", "self.a: int = 1; sls_lab_a = self.a"),
        ("self.a, x = 1, self.a", "self.a, x = 1, sls_lab_a; sls_lab_a = self.a"),
    ],
)
def test_fields_that_change_are_handed_over(body: str, expected: str) -> None:
    lines = [line.strip() for line in added(f"{HEAD}{body}\n")]
    assert lines == [
        "",
        "def __post_init__(self, sls_lab_a=None):",
        expected,
        "return {'a': sls_lab_a}",
        "def __init__(self, a, b=None):",
        "self.b = b",
        "sls_lab_fields = self.__post_init__(a)",
        "self.a = sls_lab_fields['a']",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "self.a = int(self.a); self.check()",
        "self.a = int(self.a); check(self)",
        "self.a = f'{self.a}'",
        "self.a = 1; return self.b",
        "for self.a in self.b: pass",
        "self.a = lambda: self.a",
        "yield self.a; self.a = 1",
        "del self.a",
        "print(self.a)",
    ],
)
def test_other_uses_of_the_object_stay(body: str) -> None:
    lines = [line.strip() for line in added(f"{HEAD}{body}\n")]
    assert lines == ["def __init__(self, a, b=None):", "self.a = a", "self.b = b", "self.__post_init__()"]


def test_a_method_of_a_class_below_that_has_no_constructor_of_its_own() -> None:
    text = f"{HEAD}self.a = 1\nclass B(A):\n    def __post_init__(self): self.b = 1\n"
    assert "        self.__post_init__()" in added(text)
    assert "        self.__post_init__()" not in added(text.replace("class B", "@dataclass\nclass B"))


def test_what_a_class_above_may_read_is_set_before() -> None:
    below = "@dataclass\nclass B(A):\n    c: str\n    def __post_init__(self):\n        super().__post_init__()\n"
    text = f"{BASE}    def __post_init__(self): pass\n{below}        self."
    assert "        sls_lab_fields = self.__post_init__(c)" in added(f"{text}c = 1\n")
    assert "        self.__post_init__()" in added(f"{text}a = 1\n")


def test_every_way_out_returns_the_fields() -> None:
    lines = [line.strip() for line in added(f"{HEAD}if self.b: return\n        self.a = 1\n        return None\n")]
    assert lines.count("return {'a': sls_lab_a}") == 1
    assert "if self.b: return {'a': sls_lab_a}" in lines
    (annotated,) = [line for line in added(f"{HEAD}self.a = 1\n".replace("(self):", "(self) -> None:")) if "->" in line]
    assert annotated.strip() == "def __post_init__(self, sls_lab_a=None) -> dict:"
