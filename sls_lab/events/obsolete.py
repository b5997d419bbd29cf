"""SAS-11, obsolete resources: functions that nothing in the application wakes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sls_lab.events.model import Advice, Edge
from sls_lab.facts import Verdict
from sls_lab.template.model import Function, Template


def obsolete_functions(template: Template, edges: Sequence[Edge]) -> Iterator[Advice]:
    """Functions without a trigger that no handler can be seen to invoke and that the template mentions nowhere.

    Silent where no function has a trigger (an application that is invoked from outside) and where a handler invokes a
    function whose name is not known: it may be any.
    """
    if not any(function.triggers for function in template.functions):
        return
    if any(edge.status == "unresolved" and edge.service == "lambda" for edge in edges):
        return
    woken = {edge.target for edge in edges if edge.linked}
    tasks = {state.function for machine in template.state_machines for state in machine.states.values()}
    for function in template.functions:
        if function.triggers or function.name in woken | tasks or _is_mentioned(template, function):
            continue
        rights = sorted({str(action) for one in function.role.statements for action in one.actions})
        kept = f", and keeps {', '.join(rights)}" if rights else ""
        message = f"nothing here wakes `{function.name}`{kept}; delete it with its permissions, unless others invoke it"
        yield Advice("obsolete-function", message, function.span)


def _is_mentioned(template: Template, function: Function) -> bool:
    """Whether the template passes the function's name or ARN on: to a variable, an authoriser, another resource."""
    word = re.compile(rf"\b{re.escape(function.logical_id)}\b")
    if any(word.search(resolution.written) for resolution in template.resolutions):
        return True
    variables = (variable for other in template.functions for variable in other.environment.values())
    return any(variable.value.equals(function.deployed_name) is Verdict.YES for variable in variables)
