"""Read a CloudFormation or SAM template.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html,
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from pathlib import Path

from sls_lab.aws.attributes import reference
from sls_lab.facts import Diagnostic, Pattern, Span
from sls_lab.template.cloudformation.declared_triggers import read_declared
from sls_lab.template.cloudformation.foreach import unfolded
from sls_lab.template.cloudformation.http_entries import read_openapi
from sls_lab.template.cloudformation.intrinsics import resolve_intrinsics
from sls_lab.template.cloudformation.lambda_functions import (
    FUNCTION_TYPES,
    LAYER_TYPES,
    TemplatePlace,
    layer_folder,
    read_lambda_function,
)
from sls_lab.template.cloudformation.packaged_code import Sources
from sls_lab.template.cloudformation.sam_events import read_sam_events
from sls_lab.template.cloudformation.sam_policies import SamRoles
from sls_lab.template.cloudformation.sam_transform import implicit_resources, implied_apis, is_sam, with_globals
from sls_lab.template.cloudformation.samconfig import SamConfig, read_samconfig
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.cloudformation.stack_outputs import read_children, read_outputs
from sls_lab.template.iam.roles import Roles
from sls_lab.template.model import (
    Dialect,
    Function,
    Options,
    Relay,
    Resource,
    Role,
    StateMachine,
    Subscription,
    Trigger,
)
from sls_lab.template.serverless.source_files import SourceFiles
from sls_lab.template.shared.definitions import MACHINE_TYPES, Definitions
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.plain_tree import plain_node
from sls_lab.template.shared.raw_tree import Parsed
from sls_lab.template.shared.resources import of_types, read_resources
from sls_lab.template.shared.stack_links import NOTHING_GIVEN, Given
from sls_lab.template.shared.template_part import Log, TemplatePart
from sls_lab.template.shared.trigger_collector import Collector


def read_cloudformation(
    root: Path,
    file: str,
    options: Options,
    given: Given = NOTHING_GIVEN,
    parsed: MutableMapping[str, Parsed] | None = None,
) -> TemplatePart:
    """The template `file`, relative to `root`, in YAML or JSON; never raises for what the file holds.

    What cannot be read is a diagnostic and left out; the rest goes on. Values for parameters are taken from `options`,
    then from a `samconfig.toml` beside the template, then from their defaults. `given` is what the application's other
    templates give to this one. `parsed` are files that were parsed before; others are added.
    """
    log = Log()
    sources = SourceFiles(root, log, {} if parsed is None else parsed)
    raw = sources.tree(file)
    if isinstance(raw, Diagnostic):
        log.add(replace(raw, span=raw.span or Span(file, 1, 0, 1, 0)))
        return TemplatePart("cloudformation", (file,), sources.texts, diagnostics=tuple(log.diagnostics))
    template = plain_node(raw) if raw is not None else Node(None, Span(file, 1, 0, 1, 0))
    resources = template.get("Resources")
    if resources is None or not resources.mapping:
        if not any(diagnostic.level == "error" for diagnostic in log.diagnostics):
            message = f"{file} has no Resources, so nothing of it is analysed: add them."
            log.say("template-empty", message, Span(file, 1, 0, 1, 0))
        return TemplatePart("cloudformation", (file,), sources.texts, diagnostics=tuple(log.diagnostics))
    return _StackReader(root, file, options, given, log, sources).read(template)


@dataclass(slots=True)
class _Outside:
    """What is declared outside the functions."""

    triggers: dict[str, tuple[Trigger, ...]]
    relays: tuple[Relay, ...]
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class _StackReader:
    """Reads one template, step by step."""

    root: Path
    file: str
    options: Options
    given: Given
    log: Log
    sources: SourceFiles

    def read(self, template: Node) -> TemplatePart:
        """All that the template declares."""
        kind: Dialect = "sam" if is_sam(template) else "cloudformation"
        config = read_samconfig(self.root, posixpath.dirname(self.file), self.log)
        unrolled = unfolded(template, self._scope(template, kind, config))
        whole = with_globals(unrolled) if kind == "sam" else unrolled
        scope = self._scope(whole, kind, config)
        resources = read_resources(scope.resources, scope)
        functions = {resource.name: resource.logical_id for resource in of_types(resources, *FUNCTION_TYPES)}
        definitions = Definitions(self.sources, posixpath.dirname(self.file), scope)
        collector = Collector(functions, resources, self.log)
        own = self._events(whole, resources, collector, scope)
        for resource in resources:
            self._read_api(resource, definitions, collector)
        outside = self._outside(resources, functions, own, collector)
        read = self._functions(whole, resources, own, outside, scope)
        machines = (
            definitions.machine(resource, functions, own.get(resource.logical_id, ()))
            for resource in of_types(resources, *MACHINE_TYPES)
        )
        children = tuple(read_children(self.root, self.file, posixpath.dirname(self.file), resources, self.log))
        state_machines: tuple[StateMachine, ...] = tuple(machine for machine in machines if machine is not None)
        outputs, exports = read_outputs(whole.get("Outputs"), scope, self.file)
        return TemplatePart(
            kind=kind,
            files=(self.file, *(file for file in self.sources.texts if file != self.file)),
            texts=dict(self.sources.texts),
            functions=read,
            resources=resources,
            relays=outside.relays,
            subscriptions=outside.subscriptions,
            state_machines=state_machines,
            resolutions=tuple(self.log.resolutions),
            diagnostics=tuple(self.log.diagnostics),
            outputs=outputs,
            exports=exports,
            stack=scope.stack if scope.stack.known else None,
            children=children,
            layers=tuple(self._layers(_metadata(whole), resources, scope).values()),
        )

    def _scope(self, template: Node, kind: Dialect, config: SamConfig) -> Scope:
        options = replace(self.options, param={**config.parameters, **self.options.param})
        region = self.options.opt.get("region") or self.options.param.get("region") or config.region
        return Scope.of(
            template,
            options,
            implicit=implicit_resources(template) if kind == "sam" else None,
            region=Pattern.of(region) if region else None,
            stack=Pattern.of(config.stack) if config.stack else None,
            given=self.given,
            log=self.log,
        )

    def _events(
        self, template: Node, resources: tuple[Resource, ...], collector: Collector, scope: Scope
    ) -> dict[str, tuple[Trigger, ...]]:
        """The triggers that SAM's functions and state machines declare, by logical id."""
        apis = {
            reference(resource.type, resource.name, scope.region): resource
            for resource in (*of_types(resources, *_API_TYPES), *implied_apis(template))
        }
        owners = of_types(resources, "AWS::Serverless::Function", "AWS::Serverless::StateMachine")
        return {owner.logical_id: read_sam_events(owner, collector, apis) for owner in owners}

    def _read_api(self, resource: Resource, definitions: Definitions, collector: Collector) -> None:
        kind = _API_TYPES.get(resource.type)
        body = definitions.api(resource) if kind is not None else None
        if kind is not None and body is not None:
            read_openapi(collector, body, kind, resource.logical_id)

    def _outside(
        self,
        resources: tuple[Resource, ...],
        functions: Mapping[Pattern, str],
        own: Mapping[str, tuple[Trigger, ...]],
        collector: Collector,
    ) -> _Outside:
        known = {name: (*triggers, *collector.triggers.get(name, ())) for name, triggers in own.items()}
        for name, triggers in collector.triggers.items():
            known.setdefault(name, tuple(triggers))
        declared = read_declared(resources, functions, self.log, known)
        names = dict.fromkeys((*collector.triggers, *declared.triggers))
        return _Outside(
            {name: (*collector.triggers.get(name, ()), *declared.triggers.get(name, ())) for name in names},
            (*collector.relays, *declared.relays),
            (*collector.subscriptions, *declared.subscriptions),
        )

    def _functions(
        self,
        template: Node,
        resources: tuple[Resource, ...],
        own: Mapping[str, tuple[Trigger, ...]],
        outside: _Outside,
        scope: Scope,
    ) -> tuple[Function, ...]:
        roles = Roles.of(resources, self.log)
        by_id = {resource.logical_id: resource for resource in resources}
        sam_roles = SamRoles(roles, by_id, scope.region, self.log)
        connectors = _connectors(template, resources, scope)
        metadata = _metadata(template)
        layers = self._layers(metadata, resources, scope)
        place = TemplatePlace(self.root, self.file, metadata, layers, self.log, Sources(self.root))
        found: list[Function] = []
        for resource in of_types(resources, *FUNCTION_TYPES):
            role: Role
            if resource.type == "AWS::Serverless::Function":
                role = sam_roles.role(resource, connectors.get(resource.logical_id, ()))
            else:
                role = roles.read(resource.properties.get("Role") or Node(None, resource.span))
            triggers = _distinct((*own.get(resource.logical_id, ()), *outside.triggers.get(resource.logical_id, ())))
            found.append(read_lambda_function(resource, place, triggers, role))
        return tuple(found)

    def _layers(
        self, metadata: Mapping[str, Node], resources: tuple[Resource, ...], scope: Scope
    ) -> Mapping[Pattern, str]:
        """The folders of the template's layers by what `Ref` gives."""
        folders = {
            reference(resource.type, resource.name, scope.region): layer_folder(
                resource, metadata, self.root, self.file
            )
            for resource in of_types(resources, *LAYER_TYPES)
        }
        return {name: folder for name, folder in folders.items() if folder is not None}


_API_TYPES: Mapping[str, str] = {
    "AWS::Serverless::Api": "http",
    "AWS::Serverless::HttpApi": "httpApi",
    "AWS::ApiGateway::RestApi": "http",
    "AWS::ApiGatewayV2::Api": "httpApi",
}


def _metadata(template: Node) -> Mapping[str, Node]:
    resources = template.get("Resources")
    written = resources.mapping if resources else {}
    return {logical_id: found for logical_id, node in written.items() if (found := node.get("Metadata"))}


def _connectors(template: Node, resources: Iterable[Resource], scope: Scope) -> Mapping[str, tuple[Node, ...]]:
    """The properties of connectors by the logical id they start at: resources of their own, and embedded ones.

    Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/managing-permissions-connectors.html
    """
    found: dict[str, list[Node]] = {}
    for resource in of_types(resources, "AWS::Serverless::Connector"):
        source = resource.properties.get("Source", "Id")
        if source is not None and source.text:
            found.setdefault(source.text, []).append(resource.properties)
    written = template.get("Resources")
    for logical_id, node in (written.mapping if written else {}).items():
        embedded = node.get("Connectors")
        for connector in (embedded.mapping if embedded else {}).values():
            properties = connector.get("Properties")
            if properties is not None:
                found.setdefault(logical_id, []).append(resolve_intrinsics(properties, scope))
    return {logical_id: tuple(connectors) for logical_id, connectors in found.items()}


def _distinct(triggers: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    """The triggers without those whose route is declared both at the function and in the API's document."""
    kept: list[Trigger] = []
    routes: set[tuple[str, str, str]] = set()
    for trigger in triggers:
        if trigger.type in ("http", "httpApi") and "path" in trigger.settings:
            method, path = trigger.settings.get("method"), trigger.settings["path"]
            route = (trigger.type, str(method.pattern).lower() if method else "", str(path.pattern))
            if route in routes:
                continue
            routes.add(route)
        kept.append(trigger)
    return tuple(kept)
