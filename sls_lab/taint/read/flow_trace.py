"""One way of the data from a source to a sink."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from sls_lab.facts import Reason
from sls_lab.taint.model import Step
from sls_lab.taint.read.dataflow import Held, Station


@dataclass(frozen=True, slots=True)
class Trace:
    """One way from a source to a sink. `handlers` are those it passes, in order; `call` is the one at the sink.

    `held` says what holds the data in the function of the sink. `doubts` say what is not certain on it. `against` says
    why nothing takes it: Pysa looks at a function once for all its callers, so that a path may use an event that the
    handler on it does not raise. `quoted` says that the data passes a function that makes it safe for some place.
    `stations` are the functions that it passes.
    """

    steps: tuple[Step, ...]
    handlers: tuple[str, ...]
    call: ast.Call | None
    doubts: tuple[Reason, ...] = ()
    against: Reason | None = None
    held: Held | None = None
    calls: tuple[ast.AST, ...] = ()
    returned: tuple[ast.AST, ...] = ()
    quoted: bool = False
    stations: tuple[Station, ...] = ()

    @property
    def sink(self) -> Step:
        """The last step."""
        return self.steps[-1]
