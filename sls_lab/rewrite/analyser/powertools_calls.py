"""Write what decorators and functions of Powertools do with an event before the application's function gets it.

`@event_parser(model=Order, envelope=SqsEnvelope)` gives the function what the envelope takes out of the event: its body
begins with `event = SqsEnvelope().parse(event, Order)`, and `parse(event, Order, SqsEnvelope)` is written so as well.
`@batch_processor(record_handler=one, processor=batch)` calls `one` for each record before the function runs.

https://docs.powertools.aws.dev/lambda/python/latest/utilities/parser/#envelopes,
https://docs.powertools.aws.dev/lambda/python/latest/utilities/batch/
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sls_lab.python.module import FunctionNode
from sls_lab.python.names import dotted
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

_POWERTOOLS = "aws_lambda_powertools.utilities."
_PARSERS = frozenset({f"{_POWERTOOLS}parser.event_parser", f"{_POWERTOOLS}parser.parser.event_parser"})
_PARSE = frozenset({f"{_POWERTOOLS}parser.parse", f"{_POWERTOOLS}parser.parser.parse"})
_BATCHES = frozenset({f"{_POWERTOOLS}batch.batch_processor", f"{_POWERTOOLS}batch.async_batch_processor"})


def powertools_edits(draft: Draft) -> list[Edit]:
    """The edits of functions that are decorated so, and of the calls of `parse` that name an envelope."""
    edits: list[Edit] = []
    if "aws_lambda_powertools" not in draft.text:
        return edits
    for node in draft.nodes:
        if isinstance(node, FunctionNode):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call):
                    edits += _before(draft, node, decorator)
        elif isinstance(node, ast.Call) and _name(node.func, draft) in _PARSE:
            edits += _parsed(draft, node)
    return edits


def _name(function: ast.expr, draft: Draft) -> str | None:
    return dotted(function, (draft.tree,))


def _before(draft: Draft, function: ast.FunctionDef | ast.AsyncFunctionDef, decorator: ast.Call) -> Iterator[Edit]:
    """What runs before a decorated function, written before its first statement."""
    positional = [*function.args.posonlyargs, *function.args.args]
    if not positional:
        return
    event = positional[0].arg
    given = {one.arg: ast.unparse(one.value) for one in decorator.keywords if one.arg is not None}
    name = _name(decorator.func, draft)
    if name in _PARSERS and "envelope" in given:
        text = f"{event} = {given['envelope']}().parse({event}, {given.get('model', 'None')})"
        what = "the envelope takes it out of the event"
    elif name in _BATCHES and "record_handler" in given and "processor" in given:
        text = f'{given["processor"]}({event}["Records"], {given["record_handler"]})'
        what = "each record is handed over first"
    else:
        return
    start, _ = draft.range(function.body[0])
    indent = draft.text[draft.text.rfind("\n", 0, start) + 1 : start]
    after = "; " if indent.strip() else f"\n{indent}"
    yield draft.edit(
        "powertools-call",
        (start, start),
        text + after,
        draft.reason(what, decorator),
        about=draft.range(decorator),
    )


def _parsed(draft: Draft, call: ast.Call) -> Iterator[Edit]:
    """`Envelope().parse(event, Model)` for `parse(event, Model, Envelope)`."""
    given: Mapping[str | None, ast.expr] = {
        **dict(zip(("event", "model", "envelope"), call.args, strict=False)),
        **{one.arg: one.value for one in call.keywords},
    }
    event, model, envelope = given.get("event"), given.get("model"), given.get("envelope")
    if event is None or envelope is None or any(isinstance(one, ast.Starred) for one in call.args):
        return
    start, end = draft.range(call)
    first, last = draft.range(event)
    reason = draft.reason("the envelope takes it out of the event", call)
    before = "\n" * draft.text.count("\n", start, first)
    after = "\n" * draft.text.count("\n", last, end)
    written = "None" if model is None else ast.unparse(model)
    yield draft.edit("powertools-call", (start, first), f"{ast.unparse(envelope)}().parse({before}", reason)
    yield draft.edit("powertools-call", (last, end), f", {written}{after})", reason)
