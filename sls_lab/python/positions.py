"""Where a node is, and what is around it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from sls_lab.facts import Span
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.walking import walk

_NOWHERE = ((1, 0), (1, 0))


def span_of(module: Module, node: ast.AST) -> Span:
    """The range of the source that a node covers, decorators included.

    Lines from 1, columns from 0 in code points, end exclusive. A node without a place of its own (inside an f-string of
    Python 3.11, `arguments`) has that of the nearest node around it that has one; a synthesised node that of the first
    original node in it. Raises ValueError if there is none.
    """
    if not hasattr(node, "lineno") and not isinstance(node, ast.Module):
        inner = next((child for child in ast.walk(node) if hasattr(child, "lineno")), None)
        if inner is None:
            raise ValueError(f"no place for {ast.dump(node)}")
        node = inner
    if isinstance(node, ast.expr) and module.text.isascii() and not hasattr(node, "_broken_positions"):
        # The common case, for which asttokens would give just this: an expression where bytes are characters.
        return Span(module.file, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
    place = module.tokens.get_text_positions(node, padded=False)
    if place == _NOWHERE:
        above = parents(module)
        while place == _NOWHERE and node in above:
            node = above[node]
            place = module.tokens.get_text_positions(node, padded=False)
    (line, column), (end_line, end_column) = place
    return Span(module.file, line, column, end_line, end_column)


def definition_span(module: Module, node: FunctionNode | ast.ClassDef) -> Span:
    """The stretch from `def` (or `class`) to the end of the body, without decorators."""
    whole = span_of(module, node)
    # Nothing but spaces comes before `def`, so that its column in bytes is that in code points.
    return Span(module.file, node.lineno, node.col_offset, whole.end_line, whole.end_column)


def qualified_name(module: Module, node: FunctionNode) -> str:
    """The dotted name of a definition in its file, through the classes and functions around it."""
    if node in module.tree.body:  # the common case, for which no parents are needed
        return node.name
    above = parents(module)
    names = [node.name]
    inner: ast.AST = node
    while inner in above:
        inner = above[inner]
        if isinstance(inner, FunctionNode | ast.ClassDef):
            names.append(inner.name)
    return ".".join(reversed(names))


def source_of(module: Module, node: ast.AST) -> str:
    """The text a node covers, in one line."""
    if hasattr(node, "lineno"):
        text = module.tokens.get_text(node)
        if text:
            return text if "\n" not in text and "\r" not in text else " ".join(text.split())
    return ast.unparse(node)


def parents(module: Module) -> Mapping[ast.AST, ast.AST]:
    """The parent of each node that is not at the module's top."""
    return walk(module.tree).parents


def enclosing_function(module: Module, node: ast.AST) -> FunctionNode | ast.Lambda | None:
    """The innermost function (or lambda) around a node, itself excluded; None at module or class level."""
    above = parents(module)
    while node in above:
        node = above[node]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return node
    return None


def enclosing_statement(module: Module, node: ast.AST) -> ast.stmt:
    """The innermost statement around a node, which may be the node. Raises ValueError if there is none."""
    above = parents(module)
    while not isinstance(node, ast.stmt):
        if node not in above:
            raise ValueError("no statement around the node")
        node = above[node]
    return node
