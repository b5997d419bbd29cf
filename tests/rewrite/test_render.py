"""Synthesised trees as source, with the way back to the expressions they repeat."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.facts import Span
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.modules import dotted_names, identifier
from sls_lab.rewrite.render import render


def span_of(node: ast.AST) -> Span:
    assert isinstance(node, ast.expr) and node.end_lineno is not None and node.end_col_offset is not None
    return Span("f.py", node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def test_a_repeated_argument_leads_back_to_its_place() -> None:
    source = "put(Key=folder + name, Body=event['body'])"
    call = ast.parse(source).body[0].value
    key, body = (keyword.value for keyword in call.keywords)
    text, origins = render(
        synthesis.assign(synthesis.name("event_2"), synthesis.dictionary({"key": key, "body": body})), span_of
    )
    assert text == "event_2 = {'key': folder + name, 'body': event['body']}"
    found = {text[origin.start : origin.end]: origin.span.text_in(source) for origin in origins}
    assert found["folder + name"] == "folder + name"
    assert found["name"] == "name"
    assert found["event['body']"] == "event['body']"


@pytest.mark.parametrize("indent", [None, "", " " * 90])
@pytest.mark.parametrize(
    "source",
    [
        "f(*more, **options, named={'a': [b, c], 'd': e[0].f})",
        "[a, -b, (c, d), not e, (lambda x: y)(z), {**g, 'h': i}]",
        "[{'a': one, 'ä𝄞': two} for one in many[0] if one for two in one.all()]",
        "f((one for one in many), (a := b) + 'ä𝄞', c if d else e)",
        "{'long': 'x' * 100, a: {}, 'b': [], **(c or d)}",
    ],
)
def test_each_original_expression_has_its_place(source: str, indent: str | None) -> None:
    original = ast.parse(source, mode="eval").body
    statement = synthesis.assign(synthesis.name("event"), synthesis.dictionary({"Records": original}))
    origins: dict[ast.AST, ast.expr] = {}
    spans = {Span("f.py", number, 0, number, 0): node for number, node in enumerate(ast.walk(original), 1)}
    numbers = {node: span for span, node in spans.items()}
    text, found = render(statement, numbers.__getitem__, indent)
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(ast.unparse(statement)))
    for origin in found:
        origins[spans[origin.span]] = ast.parse(f"({text[origin.start : origin.end].lstrip('*')})", mode="eval").body
    assert origins.keys() == {node for node in ast.walk(original) if isinstance(node, ast.expr)}
    for node, copy in origins.items():
        node = node.value if isinstance(node, ast.Starred) else node
        assert ast.unparse(copy) == ast.unparse(node)


def test_an_f_string_is_one_piece() -> None:
    source = "f'{name}.txt'"
    value = ast.parse(source, mode="eval").body
    text, origins = render(synthesis.assign(synthesis.name("x"), value), span_of)
    assert [text[origin.start : origin.end] for origin in origins] == ["f'{name}.txt'"]


def test_columns_behind_characters_of_several_bytes() -> None:
    source = "f('ä𝄞', key)"
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    text, origins = render(synthesis.dictionary({"ä": call.args[0], "k": call.args[1]}), span_of)
    assert [text[origin.start : origin.end] for origin in origins if text[origin.start] == "k"] == ["key"]


def test_a_handler_takes_as_many_arguments_as_it_has() -> None:
    for signature, expected in [
        ("def h(event, context): ...", "h(e, None)"),
        ("def h(event): ...", "h(e)"),
        ("def h(*args): ...", "h(e, None)"),
        ("async def h(event, context=None): ...", "h(e, None)"),
    ]:
        definition = ast.parse(signature).body[0]
        assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
        call = synthesis.handler_call(synthesis.name("h"), definition, synthesis.name("e"))
        assert ast.unparse(call) == expected


def test_files_get_dotted_names_that_python_can_import() -> None:
    names = dotted_names(
        ["my-handlers/lambda.py", "app.py", "lib/__init__.py", "lib/db.py", "2fa/x.py", "a-b.py", "a_b.py"]
    )
    assert names == {
        "my-handlers/lambda.py": "my_handlers.lambda_",
        "app.py": "app",
        "lib/__init__.py": "lib",
        "lib/db.py": "lib.db",
        "2fa/x.py": "_2fa.x",
        "a-b.py": "a_b",
        "a_b.py": "a_b_2",
    }


@given(st.text())
def test_any_text_gives_an_identifier(text: str) -> None:
    assert identifier(text).isidentifier()
    assert identifier(identifier(text)) == identifier(text)
