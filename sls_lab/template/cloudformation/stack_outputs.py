"""What a template gives to others: its outputs and exports, and the stacks nested in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sls_lab.facts import Diagnostic, Pattern
from sls_lab.template.cloudformation.intrinsics import resolve_intrinsics
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.model import Resource
from sls_lab.template.shared.application_files import inside, is_file
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.resources import of_types
from sls_lab.template.shared.stack_links import STACK_NAMES, NestedStack, child_file, exported
from sls_lab.template.shared.template_part import Log

STACK_TYPES = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")


def read_outputs(section: Node | None, scope: Scope, file: str) -> tuple[dict[str, Pattern], dict[str, Pattern]]:
    """The values of `Outputs`, by their own names and by those they are exported under.

    An export whose name contains the stack's own name is left out, since nobody without that name can refer to it.
    """
    outputs: dict[str, Pattern] = {}
    exports: dict[str, Pattern] = {}
    for name, node in (section.mapping if section is not None else {}).items():
        written = node.get("Value")
        value = resolve_intrinsics(written, scope).pattern if written is not None else None
        if value is None:
            continue
        outputs[name] = exported(value, file)
        export = node.get("Export", "Name")
        called = resolve_intrinsics(export, scope).pattern if export is not None else None
        if called is not None and not any(hole.label in STACK_NAMES for hole in called.holes):
            exports[str(called)] = outputs[name]
    return outputs, exports


def read_children(root: Path, file: str, folder: str, resources: Iterable[Resource], log: Log) -> Iterator[NestedStack]:
    """The nested stacks whose templates are files of the application; the others are errors."""
    for resource in of_types(tuple(resources), *STACK_TYPES):
        location = resource.properties.get("TemplateURL") or resource.properties.get("Location")
        name = child_file(folder, location.text) if location is not None and location.text else None
        path = inside(root, name) if name is not None else None
        if name is None or path is None or isinstance(path, Diagnostic) or not is_file(path):
            where = location.pattern if location is not None and location.pattern is not None else "a repository"
            message = (
                f"The template of the nested stack {resource.logical_id} ({where}) is not in this application, so "
                "what it declares is not analysed: add the file."
            )
            log.say("nested-template-elsewhere", message, location.span if location else resource.span)
            continue
        if name == file:
            continue  # a stack within itself is never deployed
        written = resource.properties.get("Parameters")
        parameters = {
            key: exported(node.pattern, file)
            for key, node in (written.mapping if written is not None else {}).items()
            if node.pattern is not None
        }
        yield NestedStack(resource.logical_id, name, parameters)
