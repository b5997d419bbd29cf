"""Files and strings that a resource's properties refer to: state machine definitions and OpenAPI documents."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from sls_lab.facts import Diagnostic, Pattern
from sls_lab.template.cloudformation.event_settings import json_value
from sls_lab.template.cloudformation.intrinsics import resolve_intrinsics
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.model import Resource, StateMachine, Trigger
from sls_lab.template.serverless.source_files import SourceFiles
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.plain_tree import plain_node
from sls_lab.template.shared.state_machines import read_definition, substitute

MACHINE_TYPES = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")


@dataclass(frozen=True, slots=True)
class Definitions:
    """Finds what definitions say, in the template or in a file beside it; `folder` is the template's."""

    sources: SourceFiles
    folder: str
    scope: Scope

    def machine(
        self, resource: Resource, functions: Mapping[Pattern, str], triggers: tuple[Trigger, ...]
    ) -> StateMachine | None:
        """The state machine of a resource; None, with a diagnostic, where its definition cannot be found.

        Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html,
        https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
        """
        properties = resource.properties
        definition = properties.get("Definition") or properties.get("DefinitionString")
        if definition is None:
            location = properties.get("DefinitionUri") or properties.get("DefinitionS3Location")
            definition = self.file(location, resource.logical_id)
        if definition is None:
            return None
        given = properties.get("DefinitionSubstitutions")
        if given is not None:
            definition = substitute(json_value(definition), given.mapping)
        return read_definition(
            definition,
            functions,
            self.scope.log,
            logical_id=resource.logical_id,
            name=resource.name,
            span=resource.span,
            triggers=triggers,
        )

    def api(self, resource: Resource) -> Node | None:
        """The OpenAPI document of an API: its body, a file that the body includes, or the file it names."""
        properties = resource.properties
        body = properties.get("DefinitionBody") or properties.get("Body")
        if body is not None:
            included = body.get("Fn::Transform", "Parameters", "Location")
            return body if included is None else self.file(included, resource.logical_id)
        location = properties.get("DefinitionUri") or properties.get("BodyS3Location")
        return None if location is None else self.file(location, resource.logical_id)

    def file(self, location: Node | None, owner: str) -> Node | None:
        """The tree of a YAML or JSON file of the application, its intrinsic functions resolved.

        A file elsewhere (in a bucket) gives a diagnostic and None.
        """
        log = self.scope.log
        if location is None or not location.text or "://" in location.text:
            span = location.span if location else None
            message = f"The definition of {owner} is not in this application, so it is not analysed: add its file."
            log.say("definition-elsewhere", message, span)
            return None
        path = posixpath.normpath(posixpath.join(self.folder, location.text))
        raw = self.sources.tree(path)
        if isinstance(raw, Diagnostic):
            log.say(raw.code, raw.message, raw.span or location.span)
            return None
        return resolve_intrinsics(plain_node(raw), self.scope) if raw is not None else None
