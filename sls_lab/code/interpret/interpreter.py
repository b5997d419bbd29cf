"""The interpreter with all its parts: importing this registers them."""

from __future__ import annotations

from sls_lab.code.interpret import (
    branches,
    calls,
    definitions,
    expressions,
    functions,
    instances,
    library,
    literals,
    loops,
    statements,
)
from sls_lab.code.interpret.machine import Machine

#: The modules whose functions evaluate, run and call.
PARTS = (branches, calls, definitions, expressions, functions, instances, library, literals, loops, statements)

__all__ = ["PARTS", "Machine"]
