"""SAS-11, obsolete resources: functions that nothing in the application wakes."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked

#: what a function needs to be run at all
_RUNTIME = ("logs:", "xray:")


def obsolete_functions(app: Linked) -> Iterator[Advice]:
    """Functions without a trigger that no handler can be seen to invoke and that the template mentions nowhere.

    Silent where no function has a trigger (an application that is invoked from outside) and where a handler invokes a
    function whose name is not known: it may be any.
    """
    template, edges = app.template, app.events.edges
    if not any(function.triggers for function in template.functions):
        return
    if any(edge.status == "unresolved" and edge.service == "lambda" for edge in edges):
        return
    woken = {edge.target for edge in edges if edge.linked}
    woken |= {state.function for machine in template.state_machines for state in machine.states.values()}
    # Names and ARNs that the template passes on: to a variable, an authoriser, another resource.
    referred = {name for resolution in template.resolutions for name in resolution.referred}
    values = {variable.value for function in template.functions for variable in function.environment.values()}
    for function in template.functions:
        passed_on = function.logical_id in referred or function.deployed_name in values
        if function.triggers or function.name in woken or passed_on:
            continue
        rights = {str(action) for statement in function.role.statements for action in statement.actions}
        kept = ", ".join(sorted(right for right in rights if not right.startswith(_RUNTIME)))
        message = (
            f"nothing here wakes `{function.name}`{f', and it keeps {kept}' if kept else ''}; delete it with its "
            "permissions, unless others invoke it"
        )
        yield Advice("obsolete-function", message, function.span)


CHECK = Check(
    "obsolete-functions",
    "Functions that nothing wakes",
    11,
    "https://cloudsecurityalliance.org/artifacts/the-12-most-critical-risks-for-serverless-applications",
    ("obsolete-function",),
    obsolete_functions,
)
