"""Modules that a file uses and never imports."""

from __future__ import annotations

import ast

from sls_lab.facts import Diagnostic, Reason
from sls_lab.python.unbound import unbound_modules
from sls_lab.rewrite.context import FileContext


def import_missing(context: FileContext) -> list[Diagnostic]:
    """Import what is used by a module's name but bound nowhere in the file, and say so.

    Such a handler fails when it runs, and an analyser that cannot know the name sees no call in it: a flow into
    `subprocess.run` would be missed for want of `import subprocess`.
    """
    site = context.site
    diagnostics = []
    for name in unbound_modules(site.module.tree).values():
        span = site.span(name)
        context.imports.add(
            ast.Import([ast.alias(name.id)]), Reason(f"`{name.id}` is used here and imported nowhere", span), span
        )
        message = f"`{name.id}` is not defined in this file; it is read as if it began with `import {name.id}`"
        diagnostics.append(Diagnostic("name-not-defined", message, span))
    return diagnostics
