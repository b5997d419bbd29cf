"""What a handler returns, given to whoever waits for it: `response["Payload"]` of `lambda.invoke`."""

from __future__ import annotations

import ast

from sls_lab.code import BotoCall
from sls_lab.facts import Reason
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext


def response_variable(statement: ast.stmt, call: ast.expr) -> ast.expr | None:
    """`response` of `response = client.invoke(…)`; None where the response is used at once."""
    match statement:
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=value) if value is call:
            match target:
                case ast.Name(id=name):
                    return synthesis.name(name)
                case ast.Attribute(value=owner, attr=attribute):
                    return ast.Attribute(owner, attribute, ast.Load())
    return None


def answer(context: FileContext, call: BotoCall, waking: ast.Call) -> ast.expr:
    """What the caller gets of a handler's result: its JSON, as a stream where it is a payload."""
    written = synthesis.call(ast.Attribute(synthesis.name("json"), "dumps", ast.Load()), waking)
    about = context.site.span(call.node)
    reason = Reason("the caller reads the result as JSON", about)
    context.imports.module("json", reason, about)
    if call.service != "lambda":
        return written
    stream = context.imports.bind("io", "StringIO", "PayloadStream", reason, about)
    return synthesis.call(synthesis.name(stream), written)
