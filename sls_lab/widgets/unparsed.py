"""The files that handlers need and that do not parse: a learner's half-done change, or what is to be repaired."""

from __future__ import annotations

from typing import Final

from sls_lab.app import App
from sls_lab.code.source import SourceTree
from sls_lab.python.parsing import decode

# What is wrong with files whose text was read; of other files there is nothing to show.
_WRONG: Final = {"syntax-error", "python-2", "newer-python", "nested-too-deeply"}


def unparsed_texts(app: App) -> dict[str, str]:
    """The text of each file that does not parse. Code written in the template is not among them."""
    tree = SourceTree(app.path)
    named = {one.span.file for one in app.code.diagnostics if one.span and one.code in _WRONG}
    texts = {file: decode(file, tree.read(file)) for file in sorted(named) if tree.kind(file) == "file"}
    return {file: text for file, text in texts.items() if isinstance(text, str) and file not in app.template.texts}
