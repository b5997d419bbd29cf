"""The AST explorer without a browser."""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path

import pytest

from sls_lab.app import load_app
from sls_lab.facts import Span
from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.widgets import AstExplorer, ast_words
from sls_lab.widgets.ast_detail import type_words
from sls_lab.widgets.ast_model import TreeModel, UnknownClass
from sls_lab.widgets.session import Focus

APP = Path(__file__).resolve().parents[2] / "code-examples" / "apps" / "upload-chain"

SOURCE = """@route("/")
def handler(event, *, context=None):
    name = f"naïve {event['body']}"
    if event and name in KEYS:
        return [part for part in name if part]
    s3.put_object(Bucket="photos", Key=name)
"""


def model(text: str) -> TreeModel:
    module = parse_text("source.py", text)
    assert isinstance(module, Module)
    return TreeModel(module)


def number(tree: TreeModel, name: str, label: str = "") -> int:
    """The first node of a class with a label."""
    return next(at for at, row in enumerate(tree.rows) if row.name == name and tree.label(at) == label)


def text_of(tree: TreeModel, at: int) -> str:
    span = tree.rows[at].span
    return span.text_in(tree.module.text) if span else ""


# What is said of the classes.


def documented() -> set[str]:
    """The classes of this Python's trees but those that only old code knows."""
    classes = {name for name, value in vars(ast).items() if isinstance(value, type) and issubclass(value, ast.AST)}
    old = {"Num", "Str", "Bytes", "NameConstant", "Ellipsis", "Index", "ExtSlice", "Suite", "AugLoad", "AugStore"}
    return {name for name in classes if not name.startswith("_")} - old - {"Param", "slice"}


# `ast` of 3.12 and 3.13 has these as well; those of a later Python are told in a general sentence.
SINCE_312 = {"TypeAlias", "TypeVar", "ParamSpec", "TypeVarTuple", "type_param"}
SINCE_314 = {"TemplateStr", "Interpolation"}


def test_there_is_a_sentence_on_every_class_and_on_nothing_else() -> None:
    assert set(ast_words.names()) - SINCE_312 == documented() - SINCE_312 - SINCE_314


def test_each_class_stands_in_its_group() -> None:
    for group, classes in ast_words.CLASSES.items():
        for name in classes:
            if hasattr(ast, name):
                assert getattr(ast, name).__base__.__name__ == group
                assert ast_words.sentence(name).endswith(".") or ast_words.sentence(name).endswith(").")
    assert set(ast_words.CLASSES) <= set(ast_words.GROUPS)


def test_links_lead_to_the_documentation_of_the_class() -> None:
    assert ast_words.documentation("Call") == "https://docs.python.org/3/library/ast.html#ast.Call"
    assert ast_words.documentation("stmt") == "https://docs.python.org/3/library/ast.html#abstract-grammar"
    assert ast_words.sentence("FromTheFuture") == "A class that this kit has no words for yet."


# The table of nodes.


def test_the_table_holds_every_node_but_those_that_are_shared() -> None:
    tree = model(SOURCE)
    shared = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
    wanted = [type(node).__name__ for node in ast.walk(ast.parse(SOURCE)) if not isinstance(node, shared)]
    assert sorted(row.name for row in tree.rows) == sorted(wanted)
    for at, row in enumerate(tree.rows[1:], 1):
        held = getattr(tree.rows[row.parent].node, row.field)
        assert (held if row.index is None else held[row.index]) is row.node
        assert row.parent < at


def test_nodes_cover_the_text_that_is_theirs() -> None:
    tree = model(SOURCE)
    assert text_of(tree, number(tree, "FunctionDef", "handler")) == SOURCE.rstrip("\n")
    assert text_of(tree, number(tree, "JoinedStr")) == "f\"naïve {event['body']}\""
    assert text_of(tree, number(tree, "Subscript")) == "event['body']"
    assert text_of(tree, number(tree, "comprehension")) == "part in name if part"
    assert text_of(tree, number(tree, "keyword", "Bucket")) == 'Bucket="photos"'
    assert text_of(tree, number(tree, "arguments")) == "event, *, context=None"


def test_a_node_lies_within_its_parent() -> None:
    tree = model(SOURCE)
    for row in tree.rows[1:]:
        around = tree.rows[row.parent].span
        if row.span and around:
            assert around.contains(row.span), row.name


def test_the_table_counts_as_browsers_do() -> None:
    tree = model('x = "😀"; y = 1\n')
    table = tree.table
    at = number(tree, "Name", "y")
    assert (table["start"][at], table["end"][at]) == (10, 11)
    assert table["classes"][table["class"][at]] == "Name"
    assert table["start"][0] == -1
    assert len({len(column) for name, column in table.items() if name not in {"classes", "fields"}}) == 1


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("ast.Call", ['route("/")', 's3.put_object(Bucket="photos", Key=name)']),
        ("call", ['route("/")', 's3.put_object(Bucket="photos", Key=name)']),
        ("comprehension", ["part in name if part"]),
        ("In", ["name in KEYS"]),
        ("boolop", ["event and name in KEYS"]),
        ("Store", ["name", "part"]),
        ("Match", []),
    ],
)
def test_all_nodes_of_a_class_are_found(query: str, texts: list[str]) -> None:
    tree = model(SOURCE)
    assert [text_of(tree, at) for at in tree.matching(query)] == texts


def test_a_class_that_does_not_exist_is_told() -> None:
    with pytest.raises(UnknownClass, match=r"no class Cal; did you mean Call\?"):
        model(SOURCE).matching("ast.Cal")


def test_the_table_of_two_thousand_lines_stays_small() -> None:
    tree = model("def f(x):\n    return g(x)[1:2]\n" * 1000)
    assert len(tree.rows) == 1 + 1000 * 11
    assert len(json.dumps(tree.table)) < 60 * len(tree.rows)


# The widget.


def test_a_node_is_shown_with_fields_positions_and_source() -> None:
    widget = AstExplorer(SOURCE)
    assert widget.model is not None
    call = number(widget.model, "Expr")
    widget.act("select", node=widget.model.children[call][0])
    detail = widget.state["detail"]
    assert detail["class"] == "Call"
    assert detail["source"] == 's3.put_object(Bucket="photos", Key=name)'
    assert [field["type"] for field in detail["fields"]] == ["Attribute", "list", "list[keyword]"]
    assert [one["text"] for one in detail["fields"][2]["nodes"]] == ["keyword Bucket", "keyword Key"]
    assert {one["name"]: one["value"] for one in detail["positions"]} == {
        "lineno": 6,
        "col_offset": 4,
        "end_lineno": 6,
        "end_col_offset": 44,
    }
    assert [one["text"] for one in detail["path"]] == ["Module", "FunctionDef", "Expr"]
    widget.act("parent")
    assert widget.state["node"] == call


def test_shared_nodes_are_values_with_their_sentence() -> None:
    widget = AstExplorer(SOURCE)
    widget.act("find", query="Compare")
    operators = widget.state["detail"]["fields"][1]
    assert (operators["text"], operators["words"]) == ("[In()]", ["`in`: one of the elements."])
    assert type_words([ast.Pass(), ast.Break(), ast.Pass()]) == "list[Break | Pass]"
    assert type_words(None) == "None"


def test_columns_are_those_of_ast_and_a_note_says_when_they_count_bytes() -> None:
    widget = AstExplorer("ключ = f(1)\n")
    widget.act("find", query="Call")
    detail = widget.state["detail"]
    assert detail["positions"][1] == {"name": "col_offset", "value": 11}
    assert "bytes of UTF-8" in detail["note"]
    assert widget.view["table"]["start"][widget.state["node"]] == 7


def test_code_and_dump_are_those_of_the_node() -> None:
    widget = AstExplorer("x = (1 +   2)  # three\n")
    widget.act("find", query="BinOp")
    assert widget.state["code"]["text"] == widget.state["dump"]["text"] == ""
    widget.act("tab", tab="code")
    assert widget.state["code"]["text"] == "1 + 2"
    widget.act("tab", tab="dump")
    node = widget.model.rows[widget.state["node"]].node
    assert widget.state["dump"]["text"] == ast.dump(node, indent=2)


def test_a_search_is_counted_and_stepped_through() -> None:
    widget = AstExplorer(SOURCE)
    widget.act("find", query="ast.Name")
    found = widget.state["found"]
    assert len(found) == len([node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Name)])
    assert widget.state["node"] == found[0]
    widget.act("next", by=1)
    assert widget.state["node"] == found[1]
    widget.act("next", by=-1)
    widget.act("next", by=-1)
    assert widget.state["node"] == found[-1]
    widget.act("find", query="ast.Nothing")
    assert widget.status.startswith("Syntax trees have no class Nothing")
    assert widget.state["found"] == []


def test_typing_changes_the_tree_and_an_error_keeps_the_last_one() -> None:
    widget = AstExplorer("a = 1\n")
    widget.act("edit", on=True)
    widget.act("type", text="a = f(1)\n")
    assert "Call" in widget.view["table"]["classes"]
    assert widget.state["error"] == ""
    before = widget.view
    widget.act("type", text="a = f(1\n")
    assert re.match(r"Line 1, column 5: source\.py does not parse .*never closed", widget.state["error"])
    assert widget.view == before
    widget.act("edit", on=False)
    assert widget.state["editing"]
    widget.act("type", text="a = f(2)\n")
    widget.act("edit", on=False)
    assert (widget.state["editing"], widget.state["error"]) == (False, "")
    widget.act("reset")
    assert widget.view["text"] == "a = 1\n"


def test_a_text_that_never_parsed_is_shown_with_its_error() -> None:
    widget = AstExplorer("def f(:\n")
    assert widget.state["error"].startswith("Line 1, column ")
    assert widget.view["table"] is None
    assert widget.view["text"] == "def f(:\n"
    assert "does not parse" in widget.as_html()
    widget.act("parent")
    widget.act("find", query="Call")
    widget.act("type", text="f()\n")
    assert widget.state["error"] == ""
    assert widget.view["table"] is not None


def test_it_follows_the_other_widgets_and_tells_them() -> None:
    app = load_app(APP)
    one, two = AstExplorer(app, "handlers/convert.py"), AstExplorer(app)
    assert two.file == "handlers/submit.py"
    one.act("find", query="BinOp")
    one.act("find", query="JoinedStr")
    assert two.file == "handlers/convert.py"
    assert two.model and one.model
    assert two.model.rows[two.node].span == one.model.rows[one.node].span
    assert one.session
    one.session.choose(Focus(handler="store"), one)
    assert two.file == "handlers/store.py"
    assert two.state["detail"]["class"] == "FunctionDef"
    one.session.choose(Focus(Span("serverless.yml", 1, 0, 1, 4)), one)
    assert two.file == "handlers/store.py"


def test_a_changed_text_no_longer_speaks_of_the_file() -> None:
    app = load_app(APP)
    widget = AstExplorer(app, "handlers/convert.py")
    widget.act("type", text="x = 1\n")
    widget.act("find", query="Constant")
    assert widget.session and widget.session.focus == Focus()


def test_files_outside_the_application_are_not_read(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(APP, tmp_path / "app"))
    (tmp_path / "secret.py").write_text("secret = 1\n")
    (folder / "extra.py").write_text("extra = 1\n")
    app = load_app(folder)
    assert AstExplorer(app, "extra.py").view["text"] == "extra = 1\n"
    for name in ("../secret.py", "nowhere.py", str(tmp_path / "secret.py")):
        widget = AstExplorer(app, name)
        assert "was not found in app." in widget.state["error"]
        assert "secret = 1" not in json.dumps(widget.view)


def test_hostile_text_stays_text() -> None:
    widget = AstExplorer('x = "<script>alert(1)</script>"\ny = "a\u202eb"\n')
    widget.act("find", query="Constant")
    widget.act("next", by=1)
    shown = json.dumps({**widget.view, "raw": ""}, ensure_ascii=False) + json.dumps(widget.state, ensure_ascii=False)
    assert "\u202e" not in shown
    assert "<script>" not in widget.as_html()
    assert "\u202e" not in widget.as_html()


def test_deep_nesting_and_long_numbers_are_no_trouble() -> None:
    deep = AstExplorer("x = " + "-" * 200 + "1\n")
    for tab in ("code", "dump"):
        deep.act("tab", tab=tab)
        assert deep.state[tab]
    assert "nested too deeply" in AstExplorer("x = " + "-" * 300 + "1\n").state["error"]
    assert AstExplorer("x = " + "9" * 6000 + "\n").as_text()


def test_saved_pages_show_source_and_tree() -> None:
    page = AstExplorer(SOURCE).as_html()
    assert "body[0]: FunctionDef handler" in page
    assert "Module" in AstExplorer(SOURCE).as_text()


def test_a_file_that_does_not_parse_can_be_opened_beside_the_others(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(APP, tmp_path / "upload-chain"))
    (folder / "handlers/convert.py").write_text("def (\n")
    explorer = AstExplorer(load_app(folder))
    assert "handlers/convert.py" in explorer.view["files"]
    explorer.act("open", file="handlers/convert.py")
    assert explorer.view["text"] == "def (\n"
    assert explorer.state["error"].startswith("Line 1, column 4: handlers/convert.py does not parse")
