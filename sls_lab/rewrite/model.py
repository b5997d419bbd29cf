"""The synchronous equivalent of an application, edit by edit."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sls_lab.events.model import Edge
from sls_lab.facts import Diagnostic, Reason, Span

EditKind = Literal["type-annotation", "event-object", "handler-call", "import", "store-propagation"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Text put in place of `span` (empty for an insertion) of the original file.

    `node` is the statement or expression that was synthesised, of which `text` is the source. `edges` are the edges
    this edit makes visible (none for annotations and stores).
    """

    kind: EditKind
    span: Span
    text: str
    because: tuple[Reason, ...]
    node: ast.AST | None = None
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class RewrittenFile:
    """One file before and after. `edits` are in the order of their places, each beside its later place in `text`."""

    file: str
    original: str
    text: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """All files that handlers reach, rewritten where an edge or a store asks for it."""

    files: Mapping[str, RewrittenFile]
    diagnostics: tuple[Diagnostic, ...]
