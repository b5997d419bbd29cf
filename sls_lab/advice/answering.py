"""What the checks on answers and logs share: what a node is part of."""

from __future__ import annotations

import ast
from collections.abc import Mapping

Parents = Mapping[ast.AST, ast.AST]


def parents_in(tree: ast.AST) -> Parents:
    """Each node below `tree` with the node that it is a part of."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
