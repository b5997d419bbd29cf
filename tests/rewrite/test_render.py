"""Synthesised trees as source, with the way back to the expressions they repeat."""

from __future__ import annotations

import ast

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
    call = ast.parse(source).body[0].value  # type: ignore[attr-defined]
    key, body = (keyword.value for keyword in call.keywords)
    text, origins = render(
        synthesis.assign(synthesis.name("event_2"), synthesis.dictionary({"key": key, "body": body})), span_of
    )
    assert text == "event_2 = {'key': folder + name, 'body': event['body']}"
    found = {text[origin.start : origin.end]: origin.span.text_in(source) for origin in origins}
    assert found["folder + name"] == "folder + name"
    assert found["name"] == "name"
    assert found["event['body']"] == "event['body']"


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
