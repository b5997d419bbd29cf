"""Read a Serverless Framework template: `serverless.yml`, `.yaml` or `.json`.

Facts: https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from pathlib import Path

from sls_lab.aws.arn import resource_arn
from sls_lab.facts import Diagnostic, Pattern, Span
from sls_lab.template.cloudformation.declared_triggers import DeclaredTriggers, read_declared
from sls_lab.template.cloudformation.event_settings import TABLE_TYPES, stream_settings
from sls_lab.template.cloudformation.http_entries import read_openapi
from sls_lab.template.cloudformation.lambda_functions import FUNCTION_TYPES, TemplatePlace, read_lambda_function
from sls_lab.template.cloudformation.packaged_code import Sources
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.cloudformation.stack_outputs import read_children, read_outputs
from sls_lab.template.iam.roles import Roles
from sls_lab.template.model import Function, Options, Resource, Role, StateMachine, Trigger
from sls_lab.template.serverless.authorizers import authorizer_triggers
from sls_lab.template.serverless.created_resources import (
    created_by_events,
    implicit_resources,
    merged_sections,
    together,
)
from sls_lab.template.serverless.function_destinations import (
    destination_statements,
    read_destinations,
    written_destinations,
)
from sls_lab.template.serverless.function_events import read_triggers, url_trigger
from sls_lab.template.serverless.function_roles import Grant, Grants
from sls_lab.template.serverless.layers import layer_folders
from sls_lab.template.serverless.service import ServerlessService
from sls_lab.template.serverless.service_functions import (
    Written,
    provider_environment,
    read_function,
    written_functions,
)
from sls_lab.template.serverless.service_proxies import read_proxies
from sls_lab.template.serverless.source_files import SourceFiles
from sls_lab.template.serverless.variables import Variables
from sls_lab.template.serverless.workflows import Workflow, read_workflow, written_workflows
from sls_lab.template.shared.definitions import MACHINE_TYPES, Definitions
from sls_lab.template.shared.node import EMPTY, Node
from sls_lab.template.shared.raw_tree import Parsed, RawNode
from sls_lab.template.shared.resources import of_types, read_resources
from sls_lab.template.shared.stack_links import NOTHING_GIVEN, Given
from sls_lab.template.shared.template_part import Log, TemplatePart
from sls_lab.template.shared.trigger_collector import Collector


def read_serverless(
    root: Path,
    file: str,
    options: Options,
    given: Given = NOTHING_GIVEN,
    parsed: MutableMapping[str, Parsed] | None = None,
) -> TemplatePart:
    """The template `file`, relative to `root`; never raises for what the file holds.

    What cannot be read is a diagnostic and left out; the rest goes on. `given` is what the application's other
    templates give to this one. `parsed` are files that were parsed before; others are added.
    """
    log = Log()
    sources = SourceFiles(root, log, {} if parsed is None else parsed)
    raw = sources.tree(file)
    if isinstance(raw, Diagnostic):
        log.add(replace(raw, span=raw.span or Span(file, 1, 0, 1, 0)))
    elif raw is None or not isinstance(raw.value, dict):
        if not any(diagnostic.level == "error" for diagnostic in log.diagnostics):
            message = f"{file} is empty or no mapping, so nothing of it is analysed: add functions."
            log.say("template-empty", message, Span(file, 1, 0, 1, 0))
    else:
        service = _service(root, file, raw, sources, options, given, log)
        if service is not None:
            return _part(service, sources)
    return TemplatePart("serverless", (file,), sources.texts, diagnostics=tuple(log.diagnostics))


def _service(
    root: Path, file: str, raw: RawNode, sources: SourceFiles, options: Options, given: Given, log: Log
) -> ServerlessService | None:
    """The template with its variables resolved; its scope is still empty."""
    folder = posixpath.dirname(file)
    variables = Variables(raw, sources, options, folder, log, _opening(raw, log), given)
    tree = variables.resolve(raw)
    top = Span(file, 1, 0, 1, 0)
    provider = tree.get("provider")
    cloud = (provider.get("name") or provider) if provider is not None else None
    if cloud is not None and cloud.text not in (None, "aws"):
        message = f"The provider is {cloud.text}, so nothing of {file} is analysed: only aws is understood."
        log.say("provider-not-aws", message, cloud.span)
        return None
    named = tree.get("service", "name") or tree.get("service")
    name = named.pattern if named is not None else None
    if name is None:
        message = f"{file} names no service, so its functions' names are not known: add service: NAME."
        log.say("service-missing", message, top)
    stage, region = variables.lookups.stage(top).pattern, variables.lookups.region(top).pattern
    return ServerlessService(
        root=root,
        file=file,
        folder=folder,
        tree=tree,
        name=name or Pattern.fixed("service"),
        stage=stage or Pattern.fixed("stage"),
        region=region or Pattern.fixed("region"),
        scope=Scope.of(Node(EMPTY, top), options, given=given, log=log),
        options=options,
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
    log.say("variable-syntax", message, syntax.span)
    return "${"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A function of which the triggers and the grant are read."""

    written: Written
    triggers: tuple[Trigger, ...]
    grant: Grant


def _part(service: ServerlessService, sources: SourceFiles) -> TemplatePart:
    log = service.log
    functions = tuple(written_functions(service))
    workflows = tuple(written_workflows(service.get("stepFunctions", "stateMachines"), log))
    created = (*created_by_events(functions, service.get("provider")), *(workflow.resource for workflow in workflows))
    service = _scoped(service, functions, created)

    resources = together(read_resources(service.scope.resources, service.scope), created)
    streams = _streams(resources)
    destinations = tuple(written_destinations(service, functions))
    grants = Grants(service, tuple(destination_statements(destinations)))
    drafts = [_draft(service, written, grants, streams) for written in functions]
    resources = together(resources, grants.made.values())
    roles = Roles.of(resources, log)

    names = {written.deployed_name: written.name for written in functions}
    plain = of_types(resources, *FUNCTION_TYPES)
    names |= {resource.name: resource.logical_id for resource in plain}
    outside = _outside(service, resources, names, {draft.written.name: draft.triggers for draft in drafts}, sources)
    collector = Collector(names, resources, log)
    read_destinations(collector, destinations)
    authorizers = authorizer_triggers(service, (one for draft in drafts for one in draft.triggers), names)
    environment = provider_environment(service)
    known_roles: dict[int, Role] = {}  # by the grant's identity: most functions share one
    read: list[Function] = []
    for draft in drafts:
        role = known_roles.get(id(draft.grant))
        if role is None:
            role = known_roles[id(draft.grant)] = grants.read(draft.grant, roles)
        name = draft.written.name
        triggers = (*draft.triggers, *authorizers.get(name, ()), *outside.triggers.get(name, ()))
        read.append(read_function(service, draft.written, environment, triggers, role))
    place = TemplatePlace(service.root, service.file, {}, {}, log, Sources(service.root))
    for resource in plain:
        role = roles.read(resource.properties.get("Role") or Node(None, resource.span))
        read.append(read_lambda_function(resource, place, outside.triggers.get(resource.logical_id, ()), role))
    outputs, exports = read_outputs(service.outputs, service.scope, service.file)
    for written in functions:  # what the framework adds to the outputs for each function
        outputs[f"{written.logical_id}QualifiedArn"] = resource_arn("lambda", written.deployed_name)
    children = tuple(read_children(service.root, service.file, service.folder, resources, log))
    return TemplatePart(
        kind="serverless",
        files=(service.file, *(file for file in sources.texts if file != service.file)),
        texts=dict(sources.texts),
        functions=tuple(read),
        resources=resources,
        relays=(*collector.relays, *outside.relays),
        subscriptions=outside.subscriptions,
        state_machines=tuple(_machines(service, workflows, functions, names, resources, sources)),
        resolutions=tuple(dict.fromkeys(log.resolutions)),
        diagnostics=tuple(log.diagnostics),
        outputs=outputs,
        exports=exports,
        stack=service.scope.stack,
        children=children,
        layers=layer_folders(service),
    )


def _outside(
    service: ServerlessService,
    resources: tuple[Resource, ...],
    names: Mapping[Pattern, str],
    own: Mapping[str, tuple[Trigger, ...]],
    sources: SourceFiles,
) -> DeclaredTriggers:
    """What `resources` declare beside the functions; `own` are the triggers that the functions declare."""
    collector = Collector(names, resources, service.log)
    definitions = Definitions(sources, service.folder, service.scope)
    for resource in of_types(resources, "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"):
        body = definitions.api(resource)
        if body is not None:
            kind = "http" if resource.type == "AWS::ApiGateway::RestApi" else "httpApi"
            read_openapi(collector, body, kind, resource.logical_id)
    read_proxies(service, collector)
    read_proxies(service, collector)
    known = {name: (*own.get(name, ()), *collector.triggers.get(name, ())) for name in names.values()}
    declared = read_declared(resources, names, service.log, known)
    triggers = {name: (*collector.triggers.get(name, ()), *declared.triggers.get(name, ())) for name in names.values()}
    return replace(declared, triggers=triggers, relays=(*collector.relays, *declared.relays))


def _machines(
    service: ServerlessService,
    workflows: Iterable[Workflow],
    functions: tuple[Written, ...],
    names: Mapping[Pattern, str],
    resources: tuple[Resource, ...],
    sources: SourceFiles,
) -> Iterator[StateMachine]:
    """The state machines of the plugin, then those that `resources` declare."""
    made: set[str] = set()
    for workflow in workflows:
        made.add(workflow.logical_id)
        machine = read_workflow(service, workflow, functions, names)
        if machine is not None:
            yield machine
    definitions = Definitions(sources, service.folder, service.scope)
    for resource in of_types(resources, *MACHINE_TYPES):
        machine = definitions.machine(resource, names, ()) if resource.logical_id not in made else None
        if machine is not None:
            yield machine


def _scoped(service: ServerlessService, functions: Iterable[Written], created: Iterable[Resource]) -> ServerlessService:
    """The service with the scope of its resources and of what the framework adds."""
    top = Span(service.file, 1, 0, 1, 0)
    sections = merged_sections(service.get("resources"), service.log, top)
    role = Grants(service).shared_name()
    implicit = implicit_resources(functions, created, service.get("layers"), role, service.log)
    written = service.get("provider", "stackName")
    stack = written.pattern if written is not None else None
    scope = Scope.of(
        sections,
        service.options,
        implicit=implicit,
        region=service.region if service.region.known else None,
        stack=stack or Pattern.of(service.name, "-", service.stage),
        given=service.scope.given,
        log=service.log,
    )
    return replace(service, scope=scope, outputs=sections.get("Outputs"))


def _draft(
    service: ServerlessService, written: Written, grants: Grants, streams: Mapping[Pattern, Mapping[str, Node]]
) -> _Draft:
    triggers = (
        *read_triggers(service, written.node.get("events"), written.name),
        *url_trigger(service, written.node.get("url")),
    )
    seen = tuple(_with_stream(trigger, streams) for trigger in triggers)
    return _Draft(written, seen, grants.grant(written.name, written.node))


def _streams(resources: Iterable[Resource]) -> Mapping[Pattern, Mapping[str, Node]]:
    """What the streams of the template's tables hold, by the table's name."""
    return {resource.name: stream_settings(resource) for resource in resources if resource.type in TABLE_TYPES}


def _with_stream(trigger: Trigger, streams: Mapping[Pattern, Mapping[str, Node]]) -> Trigger:
    if trigger.service != "dynamodb" or trigger.resource is None:
        return trigger
    return replace(trigger, settings={**trigger.settings, **streams.get(trigger.resource, {})})
