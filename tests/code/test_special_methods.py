"""What operators, comparisons and assignments call is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.code import read_code
from tests.code.builder import function, template

STORE = """import boto3

class Store:
    def __init__(self, name): self.__dict__["name"] = name
    def put(self, key):
        boto3.client("s3").put_object(Bucket="b", Key=key)
        return self
    def __setitem__(self, key, body): self.put("setitem " + key)
    def __delitem__(self, key): self.put("delitem")
    def __setattr__(self, key, body): self.put("setattr " + key)
    def __contains__(self, key): self.put("contains")
    def __lshift__(self, body): return self.put("lshift")
    def __ror__(self, body): return self.put("ror")
    def __iadd__(self, body): return self.put("iadd")
    def __lt__(self, other): return self.put("lt")

class Plain:
    @property
    def text(self): return "x"
    @text.setter
    def text(self, body): Store("").put("text " + body)

def handler(event, context):
    store = Store("s")
    plain = Plain()
    number = 1
"""


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("store['a'] = event", ["setitem a"]),
        ("del store['a']", ["delitem"]),
        ("store.size = 1", ["setattr size"]),
        ("'a' in store", ["contains"]),
        ("'a' not in store", ["contains"]),
        ("store << event << 1", ["lshift"]),
        ("event | store", ["ror"]),
        ("store += event", ["iadd"]),
        ("store <<= event", ["lshift"]),
        ("store < event", ["lt"]),
        ("plain.text = 'y'", ["text y"]),
        ("plain.other = 'y'", []),
        ("plain['a'] = 1", []),
        ("plain + 1", []),
        ("number += store.name", []),
        ("number < 2", []),
    ],
)
def test_methods(tmp_path: Path, line: str, keys: list[str]) -> None:
    (tmp_path / "app.py").write_text(f"{STORE}    {line}\n", encoding="utf-8")
    code = read_code(template(tmp_path, function("one", "app.handler")))
    assert [str(value) for call in code.calls for value in call.arguments["Key"].values] == keys


MADE = """import boto3

def put(key): boto3.client("s3").put_object(Bucket="b", Key=key)

class Once:
    _made = None
    def __new__(cls, name):
        if cls._made is None:
            cls._made = {maker}
            cls._made.start(name)
        return cls._made
    def start(self, name):
        self.name = name
        put("new " + name)
    def __init__(self, name): put("init " + self.name)

class Below(Once):
    pass

class Factory:
    def __new__(cls, name): return Once(name)
    def __init__(self, name): put("never")

class Odd:
    def __new__(cls, name): return elsewhere(cls, name)
    def __init__(self, name): put("odd " + name)

def handler(event, context):
    {line}
"""


@pytest.mark.parametrize("maker", ["super().__new__(cls)", "super(Once, cls).__new__(cls)", "object.__new__(cls)"])
@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("Once('a')", {"new a", "init a"}),
        ("Below('a')", {"new a", "init a"}),
        ("Factory('a')", {"new a", "init a"}),
        ("Odd('a')", {"odd a"}),
    ],
)
def test_an_object_is_made_by_new_before_init_is_given_it(
    tmp_path: Path, maker: str, line: str, keys: set[str]
) -> None:
    (tmp_path / "app.py").write_text(MADE.format(maker=maker, line=line), encoding="utf-8")
    code = read_code(template(tmp_path, function("one", "app.handler")))
    assert {str(value) for call in code.calls for value in call.arguments["Key"].values} == keys
