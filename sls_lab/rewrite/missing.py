"""Modules that a file uses and never imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from sls_lab.facts import Diagnostic, Reason
from sls_lab.python.walking import walk
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.site import Site

#: Modules outside the standard library that handlers use by one well-known name.
_WELL_KNOWN = frozenset({"boto3", "botocore", "jinja2", "requests", "yaml"})


def import_missing(context: FileContext) -> list[Diagnostic]:
    """Import what is used by a module's name but bound nowhere in the file, and say so.

    Such a handler fails when it runs, and an analyser that cannot know the name sees no call in it: a flow into
    `subprocess.run` would be missed for want of `import subprocess`.
    """
    site = context.site
    diagnostics = []
    for name in _unbound_modules(site):
        span = site.span(name)
        context.imports.add(
            ast.Import([ast.alias(name.id)]), Reason(f"`{name.id}` is used here and imported nowhere", span), span
        )
        message = f"`{name.id}` is not defined in this file; it is read as if it began with `import {name.id}`"
        diagnostics.append(Diagnostic("name-not-defined", message, span))
    return diagnostics


def _unbound_modules(site: Site) -> Iterator[ast.Name]:
    bound = site.bound_names
    seen = set(bound)
    for node in walk(site.module.tree).nodes:
        if (
            isinstance(node, ast.Name)
            and node.id not in seen
            and (node.id in sys.stdlib_module_names or node.id in _WELL_KNOWN)
            and isinstance(site.parents.get(node), ast.Attribute)
        ):
            seen.add(node.id)
            yield node
