"""State machines of `serverless-step-functions`.

Facts: https://www.serverless.com/plugins/serverless-step-functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sls_lab.facts import Pattern, Reason
from sls_lab.template.cloudformation.intrinsics import resolve_intrinsics
from sls_lab.template.cloudformation.scope import Implicit, Scope
from sls_lab.template.model import Resource, StateMachine
from sls_lab.template.serverless.function_events import read_triggers
from sls_lab.template.serverless.generated_names import state_machine_logical_id
from sls_lab.template.serverless.service import ServerlessService, entries, keyed_span, mapping_node
from sls_lab.template.serverless.service_functions import Written
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.state_machines import read_definition
from sls_lab.template.shared.template_part import Log


@dataclass(frozen=True, slots=True)
class Workflow:
    """One state machine as written."""

    key: str
    node: Node
    logical_id: str
    name: Pattern

    @property
    def resource(self) -> Resource:
        """The resource that the plugin makes of it."""
        span = keyed_span(self.node)
        why = (Reason(f"the state machine {self.key} is called {self.name}", span),)
        return Resource(
            self.logical_id, "AWS::StepFunctions::StateMachine", self.name, mapping_node({}, span), span, why
        )


def written_workflows(machines: Node | None, log: Log) -> Iterator[Workflow]:
    """The state machines of `stepFunctions.stateMachines`, in the order written."""
    for key, node in entries(machines, log, "state machines"):
        given, written = node.get("id"), node.get("name")
        custom = given or written
        logical_id = state_machine_logical_id(key, custom.text if custom is not None else None)
        name = written.pattern if written is not None and written.pattern is not None else None
        yield Workflow(key, node, logical_id, name or Pattern.generated(logical_id))


def read_workflow(
    service: ServerlessService, workflow: Workflow, functions: Iterable[Written], names: Mapping[Pattern, str]
) -> StateMachine | None:
    """The machine, None with a diagnostic where its definition cannot be read.

    `names` gives a function's name by its deployed name. In a definition the plugin takes a function's own name for
    its logical id.
    """
    definition = workflow.node.get("definition")
    span = keyed_span(workflow.node)
    if definition is None or definition.value is None:
        message = f"The state machine {workflow.key} has no definition and is not analysed: add one."
        service.log.say("definition-missing", message, span)
        return None
    resolved = resolve_intrinsics(definition, _scope(service, functions))
    triggers = read_triggers(service, workflow.node.get("events"), f"the state machine {workflow.key}")
    return read_definition(
        resolved,
        names,
        service.log,
        logical_id=workflow.logical_id,
        name=workflow.name,
        span=span,
        triggers=triggers,
    )


def _scope(service: ServerlessService, functions: Iterable[Written]) -> Scope:
    local = {function.name: Implicit("AWS::Lambda::Function", function.deployed_name) for function in functions}
    return replace(service.scope, implicit={**local, **service.scope.implicit})
