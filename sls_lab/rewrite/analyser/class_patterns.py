"""Write what a pattern takes out of an object by its place as what it takes by name.

`case Run(command, "x"):` is `case Run(command=command, kind="x"):`: Pysa knows the fields by their names alone.

https://peps.python.org/pep-0634/#class-patterns
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.rewrite.analyser.class_inits import ClassInits
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit


def pattern_edits(draft: Draft, classes: ClassInits) -> Iterator[Edit]:
    """The edits of the patterns of a file."""
    for node in draft.nodes:
        if isinstance(node, ast.MatchClass) and node.patterns:
            fields = classes.places(draft.file, node.cls)
            if len(fields) >= len(node.patterns):
                reason = draft.reason("the fields are taken in this order", node.cls)
                for name, pattern in zip(fields, node.patterns, strict=False):
                    start, _ = draft.range(pattern)
                    yield draft.edit("class-pattern", (start, start), f"{name}=", reason, about=draft.range(pattern))
