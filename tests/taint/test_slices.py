"""The statements between where data enters a function and where it leaves it.

Each case is a function: the lines that must be found carry a `#>` comment; data enters by `event` and leaves by the
argument of `out(…)`.
"""

from __future__ import annotations

import ast

import pytest

from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.taint.read.dataflow import Held, between, carried_but_for, names_in, unchanged_by_calls

CASES = {
    "assignments": """
def handler(event, context):
    other = context.name
    body = event["body"]  #>
    name = body + ".txt"  #>
    unused = body + "x"
    out(name)
""",
    "captures": """
def handler(event, context):
    match event["body"]:  #>
        case {"name": name, **others}:
            key = name + ".txt"  #>
    out(key)
""",
    "captures of literals": """
def handler(event, context):
    match event["body"]:
        case "a" | "b" as key:
            pass
    out(key)
""",
    "loop": """
def handler(event, context):
    for record in event["Records"]:  #>
        key = record["key"]  #>
    out(key)
""",
    "file": """
def handler(event, context):
    path = "/tmp/x"
    with open(path, "w") as file:
        file.write(event["body"])  #>
    with open(path) as again:  #>
        text = again.read()  #>
    out(text)
""",
    "collections": """
def handler(event, context):
    items = []
    items.append(event["x"])  #>
    record = {}
    record["a"] = items  #>
    out(record)
""",
    "attributes": """
def handler(self, event):
    self.body = event["body"]  #>
    self.other = 1
    out(self.body)
""",
    "comprehension": """
def handler(event, context):
    names = [record["name"] for record in event["Records"]]  #>
    out(", ".join(names))
""",
    "what comes after the last use": """
def handler(event, context):
    order = event["order"]  #>
    number = order.number  #>
    log("%s", order.number)
    text = f"{number}"  #>
    number = event["other"]
    out(text)
""",
    "what a call was given before": """
def handler(event, context):
    order = event["order"]  #>
    log("%s", order.number, order.name)
    out(order.number)
""",
    "what a call fills": """
def handler(event, context):
    path = "/tmp/x"
    download(event["key"], path)  #>
    out(path)
""",
    "the call itself": """
def handler(event, context):
    order = event["order"]  #>
    maker = made(order.kind)
    out(order, maker)
""",
    "what comes after, in a loop": """
def handler(event, context):
    last = ""
    for record in event["Records"]:  #>
        out(last)
        last = record["key"]  #>
""",
    "what comes after, in a comprehension": """
def handler(event, context):
    names = [out(name) for record in event["Records"] for name in record]  #>
""",
    "what an inner function sees": """
def handler(event, context):
    def inner():
        out(name)
    name = event["y"]  #>
    inner()
""",
    "inner function left out": """
def handler(event, context):
    def inner(event):
        name = event["x"]
        return name
    name = event["y"]  #>
    out(name)
""",
}


#: What a call changes besides its arguments. Calls of `s3` are those of AWS.
CALLS = {
    "a function of a module": """
import os
def handler(event, context):
    body = event["body"]  #>
    os.system(body)
    folder = os.path.join("/tmp", "fixed")
    name = folder + body  #>
    out(name)
""",
    "a call of a client": """
def handler(event, context, s3):
    body = event["body"]  #>
    s3.put_object(Bucket="b", Key="k", Body=body)
    page = s3.list_objects_v2(Bucket="b")
    out(body + page)
""",
    "a call of a client is all that leads on": """
def handler(event, context, s3):
    body = event["body"]  #>
    s3.put_object(Bucket="b", Key="k", Body=body)  #>
    text = s3.get_object(Bucket="b", Key="k")  #>
    out(text)
""",
    "a module that keeps something": """
import store
def handler(event, context):
    store.save(event["body"])  #>
    out(store.load())
""",
    "what a module holds": """
from settings import shared
def handler(event, context):
    shared.update(event["body"])  #>
    out(shared)
""",
    "a name that is more than a module": """
import words
def handler(event, context):
    words = []
    words.append(event["body"])  #>
    out(words + event["other"])
""",
}


@pytest.mark.parametrize("case", CALLS)
def test_a_module_or_a_client_is_not_changed_where_something_else_leads_on(case: str) -> None:
    module = parse_text("h.py", CALLS[case].strip("\n") + "\n")
    assert isinstance(module, Module)
    function = module.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    aws = {call for call in calls if ast.unparse(call).startswith("s3.")}
    (leaving,) = next(call for call in calls if ast.unparse(call.func) == "out").args
    expected = [number for number, line in enumerate(module.text.split("\n"), 1) if "#>" in line]
    found = between(function, frozenset({"event"}), [], [leaving], unchanged_by_calls(module, function, aws))
    assert sorted({value.lineno for value in found}) == expected


@pytest.mark.parametrize("case", CASES)
def test_the_marked_lines_are_found(case: str) -> None:
    source = CASES[case].strip("\n") + "\n"
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    leaving = next(
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "out"
    ).args[0]
    expected = [number for number, line in enumerate(source.split("\n"), 1) if "#>" in line]
    found = between(function, frozenset({"event"}), [], [leaving])
    assert sorted({value.lineno for value in found}) == expected


def test_a_call_may_be_the_source() -> None:
    source = "def f(s3):\n    page = s3.list()\n    key = page[0]\n    out(key)\n"
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    listing = next(call for call in calls if ast.unparse(call) == "s3.list()")
    out = next(call for call in calls if ast.unparse(call.func) == "out")
    assert [value.lineno for value in between(function, frozenset(), [listing], out.args)] == [2, 3]


def test_names_include_attributes() -> None:
    assert names_in(ast.parse("self.path + name", mode="eval")) == {"self", "self.path", "name"}


def test_a_long_chain_backwards_in_a_loop() -> None:
    """Each round of the loop takes the data one step on; the time must not be the square of the steps."""
    steps = 4_000
    lines = [f"        x{number} = x{number + 1}" for number in range(steps)]
    last = [f"        x{steps} = event", "        out(x0)"]
    code = "\n".join(["def handler(event, context):", "    while True:", *lines, *last])
    (function,) = ast.parse(code).body
    assert isinstance(function, ast.FunctionDef)
    (leaving,) = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    assert len(between(function, frozenset({"event"}), (), leaving.args)) == steps + 1
    held = Held(function, frozenset({"event"}))
    assert carried_but_for(held, leaving.args, lambda _: False)
    assert not carried_but_for(held, leaving.args, lambda node: isinstance(node, ast.Name) and node.id == "event")
