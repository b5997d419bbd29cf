"""The names that a file binds anywhere, and the modules that it uses and never imports."""

from __future__ import annotations

import ast
import sys
from typing import Final

from sls_lab.python.bindings import bindings, namespaces_within
from sls_lab.python.walking import walk

#: Modules outside the standard library that handlers use by one well-known name.
_WELL_KNOWN: Final = frozenset({"boto3", "botocore", "jinja2", "requests", "yaml"})


def bound_names(tree: ast.Module) -> set[str] | None:
    """The names that some statement of the module binds; None after `from module import *`, which may bind any."""
    found = [bindings(scope) for scope in namespaces_within(tree)]
    if any(known.star for known in found):
        return None
    return {one.name for known in found for one in (*known.every, *known.inner) if one.binds}


def unbound_modules(tree: ast.Module) -> dict[str, ast.Name]:
    """The modules of which an attribute is used though nothing in the file binds their name, each with its first use.

    Such a file fails when it runs; it is read as if it imported them.
    """
    bound = bound_names(tree)
    found: dict[str, ast.Name] = {}
    for node in walk(tree).nodes if bound is not None else ():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = node.value
            if name.id not in (bound or ()) and (name.id in sys.stdlib_module_names or name.id in _WELL_KNOWN):
                found.setdefault(name.id, name)
    return found
