"""One walk over each tree, which lives no longer than the tree."""

from __future__ import annotations

import ast
import gc
import weakref

from sls_lab.python.walking import children, walk

SOURCE = (
    "@d\ndef f(a, *b, c: int = 1, **e):\n    global g\n    return -a + b[0] if a < c > e else {**e, 'k': f'{a!r}'}\n"
)
SHARED = ast.expr_context | ast.operator | ast.unaryop | ast.boolop | ast.cmpop


def test_it_finds_what_ast_walk_finds_but_what_trees_share() -> None:
    tree = ast.parse(SOURCE)
    found = walk(tree)
    assert list(found.nodes) == [node for node in ast.walk(tree) if not isinstance(node, SHARED | ast.Module)]
    for node in found.nodes:
        inner = [child for child in ast.iter_child_nodes(node) if not isinstance(child, SHARED)]
        assert children(node) == inner
        assert all(found.parents[child] is node for child in inner)
    assert set(tree.body).isdisjoint(found.parents)
    assert walk(tree) is found


def test_its_depth_is_that_of_the_tree() -> None:
    assert [walk(ast.parse(text)).depth for text in ("", "pass", "x", "x + y", "f(-x)")] == [1, 2, 3, 4, 5]


def test_it_does_not_keep_the_tree() -> None:
    tree = ast.parse(SOURCE)
    assert walk(tree).nodes
    kept = weakref.ref(tree)
    del tree
    gc.collect()
    assert kept() is None
