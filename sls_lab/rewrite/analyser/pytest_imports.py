"""Let a file that holds its own tests be analysed: `import pytest` is written `if True: import pytest`.

Pyrefly takes a module that imports pytest at its top, and has a function whose name begins with `test_`, for a test,
and Pysa leaves out all of it:
https://github.com/facebook/pyrefly/blob/main/pyrefly/lib/report/pysa/is_test_module.rs
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

_PYTEST = "pytest"


def pytest_edits(draft: Draft) -> Iterator[Edit]:
    """The edits before the imports of pytest at the top of a file."""
    for statement in draft.tree.body:
        if _imports_pytest(statement):
            start, _ = draft.range(statement)
            reason = draft.reason("a file with tests would not be looked into", statement)
            yield draft.edit("testing-import", (start, start), "if True: ", reason)


def _imports_pytest(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import(names=names):
            return any(alias.name.partition(".")[0] == _PYTEST for alias in names)
        case ast.ImportFrom(module=str(module), level=0):
            return module.partition(".")[0] == _PYTEST
    return False
