"""The parts of the interpreter one by one: what each makes of one node or atom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sls_lab.code.imports import Roots
from sls_lab.code.interpret.attributes import attribute_of
from sls_lab.code.interpret.call_log import CallLog
from sls_lab.code.interpret.callbacks import call_back, spread_keywords, wrapped_function
from sls_lab.code.interpret.containers import DICT_METHODS, LIST_METHODS, dict_method, list_method
from sls_lab.code.interpret.elements import elements_of, slice_of, subscript_of
from sls_lab.code.interpret.environment import Environment
from sls_lab.code.interpret.expressions import evaluate_joined_str, look_up
from sls_lab.code.interpret.frames import Frame, FunctionValue
from sls_lab.code.interpret.heap import new_number
from sls_lab.code.interpret.interpreter import PARTS, Machine
from sls_lab.code.interpret.machine import CALLERS, EVALUATORS, RUNNERS, calls, evaluates, runs
from sls_lab.code.interpret.module_loading import load_module
from sls_lab.code.interpret.module_state import ModuleState
from sls_lab.code.interpret.objects import Instance, ModuleRef
from sls_lab.code.interpret.operators import as_text, operate
from sls_lab.code.interpret.statements import bind_name
from sls_lab.code.interpret.text_methods import text_method
from sls_lab.code.interpret.values import (
    NONE,
    Arguments,
    Atom,
    Bound,
    DictRef,
    External,
    ListRef,
    Record,
    Sequence,
    Text,
    Unknown,
    Value,
    scalar,
    text,
    unknown,
)
from sls_lab.code.module_index import ModuleIndex
from sls_lab.code.source import SourceTree
from sls_lab.facts import Pattern
from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from tests.code.builder import function


def machine_for(root: Path) -> Machine:
    return Machine(ModuleIndex(SourceTree(root)), Environment(function("app", env={"STAGE": "dev"})), CallLog())


def running(machine: Machine, code: str) -> Frame:
    """The frame of a module after its code was run."""
    module = parse_text("main.py", code)
    assert isinstance(module, Module)
    state = ModuleState(new_number(), "main.py", None, module, Roots(("",), ()))
    frame = Frame(state.oid, state, module, None, mark=machine.store.mark())
    assert machine.block(module.tree.body, frame)
    return frame


def value_of(machine: Machine, expression: str, code: str = "") -> Value:
    return machine.evaluate(ast.parse(expression, mode="eval").body, running(machine, code))


def shown(machine: Machine, value: Value) -> list[str]:
    return [str(atom.pattern) for atom in as_text(machine, value) if isinstance(atom, Text)]


def test_each_kind_of_node_and_of_function_has_one_part() -> None:
    assert len({part.__name__ for part in PARTS}) == len(PARTS)
    understood = {kind.__name__ for kind in EVALUATORS}
    assert {"JoinedStr", "Call", "ListComp", "Lambda", "Await", "NamedExpr", "YieldFrom"} <= understood
    assert {"Match", "TryStar", "AsyncWith", "AsyncFor", "ClassDef", "ImportFrom"} <= {one.__name__ for one in RUNNERS}
    assert {"FunctionValue", "BoundMethod", "ClassValue", "Instance", "Partial", "External", "Method", "Unknown"} == {
        kind.__name__ for kind in CALLERS
    }


def test_a_part_is_registered_for_what_it_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(EVALUATORS, ast.Constant, EVALUATORS[ast.Constant])
    monkeypatch.setitem(CALLERS, Unknown, CALLERS[Unknown])
    monkeypatch.setitem(RUNNERS, ast.Pass, RUNNERS[ast.Expr])

    @evaluates(ast.Constant)
    def constant(machine: Machine, node: ast.Constant, frame: Frame) -> Value:
        return text("seen")

    @runs(ast.Pass)
    def nothing(machine: Machine, node: ast.Pass, frame: Frame) -> bool:
        bind_name(machine, "passed", text("passed"), frame)
        return True

    @calls(Unknown)
    def call(machine: Machine, atom: Atom, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        return text("called")

    machine = machine_for(tmp_path)
    assert shown(machine, value_of(machine, "nobody(1)")) == ["called"]
    assert shown(machine, value_of(machine, "passed + 1", "pass")) == ["passedseen"]


def test_what_is_not_understood_is_a_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(EVALUATORS, ast.Set)
    machine = machine_for(tmp_path)
    assert value_of(machine, "{1, 2}") == unknown("{1, 2}")
    assert machine.call((), Arguments(), None, running(machine, "")) == unknown("…(…)")


def test_an_f_string_is_put_together(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    frame = running(machine, "name = 'photos'")
    node = ast.parse("f'{name}-{nobody}/{3:>3}'", mode="eval").body
    assert isinstance(node, ast.JoinedStr)
    assert shown(machine, evaluate_joined_str(machine, node, frame)) == ["photos-{nobody}/  3"]


def test_operators_work_on_all_alternatives(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    either = (*text("a"), *text("b"))
    assert shown(machine, operate(machine, ast.Add(), either, text("c"))) == ["ac", "bc"]
    assert operate(machine, ast.Add(), scalar(1), scalar(2)) == scalar(3)
    assert shown(machine, operate(machine, ast.Mod(), text("%s/%s"), (Sequence((text("x"), scalar(2))),))) == ["x/2"]


def test_elements_and_slices(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    made = machine.new_list((text("a"), text("b")))
    assert subscript_of(machine, made, scalar(1), None) == text("b")
    assert subscript_of(machine, made, unknown("i"), None) == (*text("a"), *text("b"))
    assert elements_of(machine, slice_of(machine, made, [scalar(1), NONE, NONE], "x[1:]")).items == (text("b"),)
    assert elements_of(machine, unknown("x"), "item").rest == unknown("item")


@pytest.mark.parametrize(
    ("name", "given", "result", "left"),
    [
        ("append", text("c"), NONE, ["a", "b", "c"]),
        ("extend", (Sequence((text("c"), text("d"))),), NONE, ["a", "b", "c", "d"]),
        ("pop", scalar(0), text("a"), ["a", "b"]),
        ("clear", (), NONE, []),
        ("index", text("a"), unknown("…"), ["a", "b"]),
        ("sort", (), NONE, ["a", "b"]),
    ],
)
def test_methods_of_lists(tmp_path: Path, name: str, given: Value, result: Value, left: list[str]) -> None:
    machine = machine_for(tmp_path)
    (made,) = machine.new_list((text("a"), text("b")))
    assert isinstance(made, ListRef)
    assert list_method(machine, made, name, Arguments((Bound(given),) if given else ())) == result
    assert [shown(machine, item)[0] for item in elements_of(machine, (made,)).items] == left


@pytest.mark.parametrize(
    ("name", "given", "result", "left"),
    [
        ("get", [text("k")], text("v"), {"k": "v"}),
        ("get", [text("x"), text("d")], text("d"), {"k": "v"}),
        ("get", [text("x")], NONE, {"k": "v"}),
        ("setdefault", [text("x"), text("d")], text("d"), {"k": "v", "x": "d"}),
        ("clear", [], NONE, {}),
        ("popitem", [], unknown("…"), {"k": "v"}),
        ("nothing", [], NONE, {"k": "v"}),
    ],
)
def test_methods_of_dicts(tmp_path: Path, name: str, given: list[Value], result: Value, left: dict[str, str]) -> None:
    machine = machine_for(tmp_path)
    (made,) = machine.new_names({"k": text("v")})
    assert isinstance(made, DictRef)
    assert dict_method(machine, made, name, Arguments(tuple(Bound(value) for value in given))) == result
    held = machine.contents(made)
    assert isinstance(held, Record)
    assert {shown(machine, (key,))[0]: shown(machine, value)[0] for key, value in held.entries} == left


def test_every_method_that_is_followed_is_in_a_table() -> None:
    assert set(DICT_METHODS) == set(dir(dict)) & set(DICT_METHODS)
    assert {"append", "insert", "pop", "clear", "copy", "extend"} <= set(LIST_METHODS)


def test_methods_of_strings(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    (atom,) = text(Pattern.of("up/", Pattern.any("name")))
    assert isinstance(atom, Text)
    assert shown(machine, text_method(machine, atom, "upper", Arguments())) == ["UP/{name.upper()}"]
    first = elements_of(machine, text_method(machine, atom, "split", Arguments((Bound(text("/")),)))).items[0]
    assert shown(machine, first) == ["up"]


def test_names_are_bound_and_looked_up_where_their_scope_says(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    frame = running(machine, "x = 'a'\ndef f():\n    global x\n    x = 'b'\nf()\na, *b = 'p', 'q', 'r'")
    assert look_up(machine, "x", frame) == text("b")
    assert look_up(machine, "a", frame) == text("p")
    assert elements_of(machine, look_up(machine, "b", frame)).items == (text("q"), text("r"))
    assert look_up(machine, "len", frame) == (External("builtins.len"),)
    assert look_up(machine, "nobody", frame) == unknown("nobody")


def test_attributes_of_instances_go_by_their_classes(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    code = """
class A:
    x = "a"
class B(A):
    def __init__(self):
        self.y = "b"
    @property
    def z(self):
        return self.x + self.y
"""
    frame = running(machine, code)
    made = machine.evaluate(ast.parse("B()", mode="eval").body, frame)
    assert isinstance(made[0], Instance)
    assert [attribute_of(machine, made, name, frame) for name in "xyz"] == [text("a"), text("b"), text("ab")]
    assert attribute_of(machine, made, "w", frame) == unknown("B.w")


def test_what_a_library_is_given_is_wrapped_when_modules_load_and_run_in_calls(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    frame = running(machine, "def f(x): return x")
    function_value = look_up(machine, "f", frame)
    assert isinstance(function_value[0], FunctionValue)
    given = Arguments((Bound(function_value),))
    assert call_back(machine, unknown("lib"), given, None, frame) == function_value
    assert wrapped_function([*function_value], Arguments()) == ()
    before = machine.contexts.runs.total()
    inside = Frame(new_number(), frame.state, frame.module, None)
    assert call_back(machine, unknown("lib"), given, None, inside) == ()
    assert machine.contexts.runs.total() == before + 1


def test_keywords_are_spread_from_dicts(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    made = machine.new_names({"a": text("x"), "b": text("y")})
    node = ast.Name("kw", ast.Load())
    spread = spread_keywords(machine, (*made, *unknown("other")), node)
    assert [(name, shown(machine, bound.value)) for name, bound in spread[:2]] == [("a", ["x"]), ("b", ["y"])]
    assert spread[2][0] == "" and spread[2][1].value == unknown("other")


def test_a_module_is_loaded_once_and_apart_from_what_runs(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text("import os\nSTAGE = os.environ['STAGE']\n", encoding="utf-8")
    machine = machine_for(tmp_path)
    loaded = load_module(machine, "settings.py", None, Roots(("",), ()))
    assert load_module(machine, "settings.py", None, Roots(("",), ())) == loaded
    (atom,) = loaded
    assert isinstance(atom, ModuleRef)
    assert shown(machine, attribute_of(machine, loaded, "STAGE", None)) == ["dev"]
    (kept,) = machine.loads.earlier["settings.py", Roots(("",), ())]
    assert list(kept.reads) == ["STAGE"] and kept.state is atom.state
    assert machine.loads.running == [] and machine.depth == 0


def test_attributes_are_set_by_name(tmp_path: Path) -> None:
    machine = machine_for(tmp_path)
    frame = running(machine, "class A:\n    pass\na = A()\nsetattr(a, 'x' + 'y', 'z')\nsetattr(A, 'k', 'c')")
    made = look_up(machine, "a", frame)
    assert attribute_of(machine, made, "xy", frame) == text("z")
    assert attribute_of(machine, made, "k", frame) == text("c")
