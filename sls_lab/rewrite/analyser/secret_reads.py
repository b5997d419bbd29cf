"""Mark what is read as a secret: `os.environ["TOKEN"]` is written `sls_lab_event.secret_variable(os.environ["TOKEN"])`.

The analyser follows what these functions return. Python before 3.12 knows no places within an f-string, so that there
the whole string is marked, of which the secret is a part.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sls_lab.code.model import SecretRead
from sls_lab.facts import Span
from sls_lab.python.walking import children
from sls_lab.rewrite.analyser.draft import STUB, Draft
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.position_map import PositionMap

#: The function of the stub that marks each kind of secret.
MARKING: Final[Mapping[str, str]] = {
    "SecretValue": "secret_value",
    "SecureParameter": "secure_parameter",
    "SecretVariable": "secret_variable",
    "DecryptedData": "decrypted_data",
}


def secret_edits(draft: Draft, rewritten: PositionMap, reads: Iterable[SecretRead]) -> list[Edit]:
    """The edits around what reads a secret; `reads` are in the original file, which `rewritten` leads back to."""
    by_span = {read.span: read for read in reads}
    if not by_span:
        return []
    edits: list[Edit] = []
    for node in outermost(draft.tree):
        origin = rewritten.origin(*draft.range(node))
        read = by_span.get(origin)
        if read is None and isinstance(node, ast.JoinedStr):
            read = next((one for span, one in by_span.items() if _covers(origin, span)), None)
        if read is not None:
            start, end = place = draft.range(node)
            because = draft.reason(read.because[0].text, node)
            edits.append(draft.edit("secret", (start, start), f"{STUB}.{MARKING[read.kind]}((", because, about=place))
            edits.append(draft.edit("secret", (end, end), "))", because, about=place))
    if edits:
        edits.append(draft.import_edit("for secrets"))
    return edits


def outermost(tree: ast.Module) -> Iterator[ast.expr]:
    """What may read a secret, f-strings as a whole."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Call | ast.Subscript | ast.Name | ast.Attribute | ast.JoinedStr):
            yield node
        if not isinstance(node, ast.JoinedStr):
            pending.extend(children(node)[::-1])


def _covers(outer: Span, inner: Span) -> bool:
    return (
        outer.file == inner.file
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )
