"""Where a trace is while its steps are put together."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from sls_lab.facts import Reason
from sls_lab.python.module import ScopeNode
from sls_lab.rewrite import Edit
from sls_lab.taint.model import Step
from sls_lab.taint.read.dataflow import Station
from sls_lab.taint.read.places import NodePlaces


@dataclass
class Whereabouts:
    """Where the trace is: in which handler and function, and what holds the data there."""

    handler: str

    def __post_init__(self) -> None:
        self.handlers = [self.handler]
        self.steps: list[Step] = []
        #: calls of helpers on whose way the data is, since it came into the handler
        self.calls: list[ast.AST] = []
        #: calls out of which the data has come, the outermost first
        self.returned: list[ast.AST] = []
        self.doubts: list[Reason] = []
        self.stations: list[Station] = []
        self.against: Reason | None = None
        #: the edit that put the source there, None where the application has it
        self.made: Edit | None = None
        self.enter(None, None, frozenset(), [])

    def enter(
        self,
        places: NodePlaces | None,
        function: ScopeNode | None,
        variables: frozenset[str],
        expressions: list[ast.AST],
        part: str | None = None,
    ) -> None:
        """Go on in `function` (None where the next frame says it), with the data in these variables and expressions.

        `part` is the attribute or key of the variables that has it, where that is known.
        """
        self.places = places
        self.function = function
        self.variables = variables
        self.expressions = expressions
        self.part = part
