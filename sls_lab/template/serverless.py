"""Read a Serverless Framework template: `serverless.yml`, `.yaml` or `.json`.

Facts: https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sls_lab.facts import Diagnostic, Pattern, Reason, Span
from sls_lab.template.created import created_by_events, implicit_resources, merged_sections
from sls_lab.template.declared import read_declared
from sls_lab.template.functions import Written, provider_environment, read_function, written_functions
from sls_lab.template.grants import Grant, Grants
from sls_lab.template.model import Function, Options, Resource, StateMachine, Trigger
from sls_lab.template.naming import EXECUTION_ROLE
from sls_lab.template.node import Node
from sls_lab.template.parts import Log, TemplatePart
from sls_lab.template.raw import RawNode
from sls_lab.template.resources import read_resources
from sls_lab.template.roles import Roles
from sls_lab.template.scope import Implicit, Scope
from sls_lab.template.service import Service
from sls_lab.template.sources import Sources
from sls_lab.template.triggers import read_triggers, url_trigger
from sls_lab.template.variables import Variables
from sls_lab.template.workflows import read_workflow, written_workflows


def read_serverless(root: Path, file: str, options: Options) -> TemplatePart:
    """The template `file`, relative to `root`; never raises for what the file holds.

    What cannot be read is a diagnostic and left out; the rest goes on.
    """
    log = Log()
    sources = Sources(root, log)
    raw = sources.tree(file)
    if isinstance(raw, Diagnostic):
        log.add(replace(raw, span=raw.span or Span(file, 1, 0, 1, 0)))
    elif raw is None or not isinstance(raw.value, dict):
        if not any(diagnostic.level == "error" for diagnostic in log.diagnostics):
            message = f"{file} is empty or no mapping, so nothing of it is analysed: write service, provider, functions."
            log.say("error", "template-empty", message, Span(file, 1, 0, 1, 0))
    else:
        service = _service(root, file, raw, sources, options, log)
        if service is not None:
            return _part(service, sources)
    return TemplatePart("serverless", (file,), sources.texts, diagnostics=tuple(log.diagnostics))


def _service(
    root: Path, file: str, raw: RawNode, sources: Sources, options: Options, log: Log
) -> Service | None:
    """The template with its variables resolved; its scope is still empty."""
    folder = posixpath.dirname(file)
    variables = Variables(raw, sources, options, folder, log, _opening(raw, log))
    tree = variables.resolve(raw)
    top = Span(file, 1, 0, 1, 0)
    provider = tree.get("provider")
    cloud = (provider.get("name") or provider) if provider is not None else None
    if cloud is not None and cloud.text not in (None, "aws"):
        message = f"The provider is {cloud.text}, so nothing of {file} is analysed: only AWS is."
        log.say("error", "provider-not-aws", message, cloud.span)
        return None
    named = tree.get("service", "name") or tree.get("service")
    name = named.pattern if named is not None else None
    if name is None:
        message = f"{file} names no service, so its functions' names are not known: add service: NAME."
        log.say("warning", "service-missing", message, top)
    stage, region = variables.lookups.stage(top).pattern, variables.lookups.region(top).pattern
    return Service(
        root=root,
        file=file,
        folder=folder,
        tree=tree,
        name=name or Pattern.fixed("service"),
        stage=stage or Pattern.fixed("stage"),
        region=region or Pattern.fixed("region"),
        scope=Scope.of(Node({}, top), options, log=log),
        log=log,
    )


def _opening(raw: RawNode, log: Log) -> str:
    """What opens a variable: `provider.variableSyntax` of versions 1 and 2 may change it."""
    syntax = raw.mapping["provider"].mapping.get("variableSyntax") if "provider" in raw.mapping else None
    if syntax is None or not isinstance(syntax.value, str):
        return "${"
    if "{{" in syntax.value.replace("\\", ""):
        return "${{"
    message = "variableSyntax is read as ${…} without CloudFormation's own ${AWS::…}; other changes are not followed."
    log.say("note", "variable-syntax", message, syntax.span)
    return "${"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A function of which the triggers and the grant are read."""

    written: Written
    triggers: tuple[Trigger, ...]
    grant: Grant


def _part(service: Service, sources: Sources) -> TemplatePart:
    log = service.log
    functions = tuple(written_functions(service))
    workflows = tuple(written_workflows(service.get("stepFunctions", "stateMachines"), log))
    created = _created(service, functions)
    made_machines = tuple(workflow.resource for workflow in workflows)
    service = _scoped(service, functions, (*created, *made_machines))

    declared = read_resources(service.scope.resources, service.scope)
    resources = _together(declared, (*created, *made_machines))
    views = _view_types(resources)
    grants = Grants(service)
    drafts = [_draft(service, written, grants, views) for written in functions]
    resources = _together(resources, grants.made.values())
    roles = Roles.of(resources, log)

    names = {written.deployed_name: written.name for written in functions}
    own = {draft.written.name: draft.triggers for draft in drafts}
    outside = read_declared(resources, names, log, own)
    environment = provider_environment(service)
    shared: dict[Grant, object] = {}
    read: list[Function] = []
    for draft in drafts:
        role = shared.get(draft.grant)
        if role is None:
            role = shared[draft.grant] = grants.read(draft.grant, roles)
        triggers = (*draft.triggers, *outside.triggers.get(draft.written.name, ()))
        read.append(read_function(service, draft.written, environment, triggers, role))
    machines = [read_workflow(service, workflow, functions, names) for workflow in workflows]
    return TemplatePart(
        kind="serverless",
        files=(service.file,),
        texts=dict(sources.texts),
        functions=tuple(read),
        resources=resources,
        relays=outside.relays,
        subscriptions=outside.subscriptions,
        state_machines=tuple(machine for machine in machines if machine is not None),
        resolutions=tuple(log.resolutions),
        diagnostics=tuple(log.diagnostics),
    )
