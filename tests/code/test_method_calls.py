"""Which methods a handler's calls enter."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sls_lab.code import Code, read_code
from tests.code.builder import function, template

CLASSES = """
class Base:
    def handle(self, event):
        return self.act(event)
    def act(self, event): ...

class First(Base):
    def act(self, event): ...

class Second(Base):
    def act(self, event):
        super().act(event)

def first(event, context):
    First().handle(event)

def second(event, context):
    Second().handle(event)

def either(event, context):
    (First() if event["kind"] else Second()).handle(event)

def unknown(event, context):
    Base.handle(event["object"], event)
"""


@pytest.fixture
def code(tmp_path: Path) -> Code:
    (tmp_path / "app.py").write_text(CLASSES, encoding="utf-8")
    names = ("first", "second", "either", "unknown")
    return read_code(template(tmp_path, *(function(name, f"app.{name}") for name in names)))


@pytest.mark.parametrize(
    ("handler", "never"),
    [("first", {"Base", "Second"}), ("second", {"First"}), ("either", set()), ("unknown", set())],
)
def test_a_call_of_a_method_enters_those_of_the_handler_s_objects(code: Code, handler: str, never: set[str]) -> None:
    module = code.modules["app.py"]
    classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
    (call,) = (node for node in ast.walk(classes[0]) if isinstance(node, ast.Call))
    methods = {one.name: method for one in classes for method in one.body if getattr(method, "name", "") == "act"}
    found = {name for name, method in methods.items() if code.methods.never_enters(handler, call, method)}
    assert found == never


def test_nothing_is_said_of_calls_of_other_names(code: Code) -> None:
    base = code.modules["app.py"].tree.body[0]
    assert isinstance(base, ast.ClassDef)
    (call,) = (node for node in ast.walk(base) if isinstance(node, ast.Call))
    assert not code.methods.never_enters("first", call, base.body[0])
    assert not code.methods.never_enters("other", call, base.body[1])
