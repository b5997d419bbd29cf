"""Mark what is given to calls of which it is not known what they call: `TABLE[name](x)` may run anything.

It is written `TABLE[name](sls_lab_event.to_unknown((x)))`: the analyser says whether data of an outsider gets there.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from sls_lab.facts import Span
from sls_lab.rewrite.analyser.draft import STUB, Draft
from sls_lab.rewrite.analyser.secret_reads import outermost
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.position_map import PositionMap

#: The function of the stub that marks the arguments.
MARKING = "to_unknown"


def open_edits(draft: Draft, rewritten: PositionMap, calls: Collection[Span]) -> list[Edit]:
    """The edits around the arguments of `calls`, which are places in the original file.

    Within an f-string, where Python before 3.12 knows no places, the whole string is marked.
    """
    edits: list[Edit] = []
    for node in outermost(draft.tree) if calls else ():
        if isinstance(node, ast.Call) and rewritten.origin(*draft.range(node)) in calls:
            for argument in _arguments(node):
                edits += _marked(draft, node, argument)
        elif isinstance(node, ast.JoinedStr):
            origin = rewritten.origin(*draft.range(node))
            if any(origin.contains(call) for call in calls):
                edits += _marked(draft, node, node)
    if edits:
        edits.append(draft.import_edit("for calls of which it is not known what they call"))
    return edits


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    given = [one.value if isinstance(one, ast.Starred) else one for one in call.args]
    for value in (*given, *(keyword.value for keyword in call.keywords)):
        if not isinstance(value, ast.Constant | ast.GeneratorExp):
            yield value


def _marked(draft: Draft, call: ast.expr, argument: ast.expr) -> Iterator[Edit]:
    start, end = draft.range(argument)
    about = draft.range(call)
    because = draft.reason("what this calls is not known", call)
    yield draft.edit("open-call", (start, start), f"{STUB}.{MARKING}((", because, about=about)
    yield draft.edit("open-call", (end, end), "))", because, about=about)
