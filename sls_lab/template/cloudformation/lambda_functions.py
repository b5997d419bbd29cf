"""The functions of a CloudFormation or SAM template.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html,
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sls_lab.facts import Diagnostic, Pattern, Reason
from sls_lab.template.cloudformation.packaged_code import Sources, archive_names, is_archive
from sls_lab.template.model import Function, Resource, Role, Trigger, Variable
from sls_lab.template.shared.application_files import inside, is_file, is_folder
from sls_lab.template.shared.handler_strings import handler_file, locate_handler, runs_python
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.resources import whole_span
from sls_lab.template.shared.template_part import Log

FUNCTION_TYPES = ("AWS::Lambda::Function", "AWS::Serverless::Function")
LAYER_TYPES = ("AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion")


@dataclass(frozen=True, slots=True)
class TemplatePlace:
    """Where a template is: the file, relative to the application's folder `root`, and its own folder.

    `metadata` are the `Metadata` of its resources by logical id; `layers` the folders of its layers by what `Ref`
    gives; `sources` the application's own Python files.
    """

    root: Path
    file: str
    metadata: Mapping[str, Node]
    layers: Mapping[Pattern, str]
    log: Log
    sources: Sources

    @property
    def folder(self) -> str:
        """The template's folder, "" for the application's own."""
        return posixpath.dirname(self.file)

    def path(self, written: str) -> str:
        """A path as written in the template, relative to the application's folder."""
        return _path(self.folder, written)


@dataclass(frozen=True, slots=True)
class _FunctionCode:
    """What the template says of a function's code."""

    file: str | None = None
    attribute: str | None = None
    code_root: str = ""
    language: Literal["python", "other"] = "other"
    inline: str | None = None


def read_lambda_function(
    resource: Resource, place: TemplatePlace, triggers: tuple[Trigger, ...], role: Role
) -> Function:
    """One function; a handler that cannot be found, an image and another language are diagnostics."""
    properties = resource.properties
    handler, runtime = properties.get("Handler"), properties.get("Runtime")
    code = _code(resource, place, handler, runtime)
    return Function(
        name=resource.logical_id,
        logical_id=resource.logical_id,
        deployed_name=resource.name,
        template=place.file,
        handler=str(handler.pattern) if handler and handler.pattern is not None else None,
        file=code.file,
        attribute=code.attribute,
        code_root=code.code_root,
        layers=_layers(properties.get("Layers"), place) if code.language == "python" else (),
        runtime=str(runtime.pattern) if runtime and runtime.pattern is not None else None,
        language=code.language,
        inline_code=code.inline,
        triggers=triggers,
        environment=_environment(resource),
        role=role,
        span=resource.span,
        handler_span=handler.span if handler else resource.span,
        because=resource.because,
        dead_letters=_dead_letters(resource),
    )


def _dead_letters(resource: Resource) -> tuple[Pattern, ...]:
    """Where Lambda sends what the function failed on; SAM has a name of its own for the property.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq,
    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-deadletterqueue.html
    """
    written = [resource.properties.get(key, "TargetArn") for key in ("DeadLetterConfig", "DeadLetterQueue")]
    return tuple(node.pattern for node in written if node is not None and node.pattern is not None)


def _code(resource: Resource, place: TemplatePlace, handler: Node | None, runtime: Node | None) -> _FunctionCode:
    name, properties, log = resource.logical_id, resource.properties, place.log
    code = properties.get("Code") or properties.get("CodeUri")
    package = properties.get("PackageType")
    if (package and package.text == "Image") or properties.get("ImageUri") or (code and code.get("ImageUri")):
        message = f"The function {name} is a container image, so it is not analysed: its code is not in the template."
        log.say("container-image", message, resource.span)
        return _FunctionCode(code_root=place.folder)
    written = runtime.pattern if runtime else None
    roots = _code_roots(resource, code, place)
    if written is not None and written.known and not runs_python(str(written), place.root, roots, handler):
        message = (
            f"The function {name} runs on {written}, not on Python, so it is not analysed: use a tool for its language."
        )
        log.say("not-python", message, handler.span if handler else resource.span)
        return _FunctionCode(code_root=place.folder)
    if written is None:
        message = f"The function {name} has no Runtime, so it is not analysed: add one."
        log.say("runtime-missing", message, resource.span)
        return _FunctionCode(code_root=place.folder)
    if handler is None or handler.text is None:
        message = f"The handler of {name} is missing or not known here, so it is not analysed: write it out."
        log.say("handler-missing", message, handler.span if handler else resource.span)
        return _FunctionCode(code_root=place.folder, language="python")
    inline = properties.get("InlineCode") or (code.get("ZipFile") if code else None)
    if inline is not None and inline.pattern is not None:
        # Lambda names the file `index`; a part that is known only at deployment stays as a word in braces.
        return _FunctionCode(None, handler.text.rpartition(".")[2], place.folder, "python", str(inline.pattern))
    if is_archive(code) and all(handler_file(place.root, root, handler.text) is None for root in roots):
        kept = place.sources.folder(handler.text, archive_names(code, name))
        if kept is not None:
            message = (
                f"The code of {name} is an archive that is not here; it is taken to be made of "
                f"{handler_file(place.root, kept, handler.text)}, whose name and folder fit."
            )
            log.say("archive-source", message, handler.span)
            roots = (kept,)
    file, attribute, root = locate_handler(place.root, roots, handler.text, handler.span, log)
    return _FunctionCode(file, attribute, root, "python")


def _code_roots(resource: Resource, code: Node | None, place: TemplatePlace) -> tuple[str, ...]:
    """The folders that the handler may be relative to, the likeliest first.

    A local path is what `sam build`, `aws cloudformation package` and the CDK (`aws:asset:path`) deploy. Code that is
    fetched from a bucket is looked for beside the template, since that is where it is kept in most repositories.
    """
    for node in (_asset(resource, place.metadata), code):
        if node is not None and node.text and "://" not in node.text:
            path = place.path(node.text)
            if path.endswith(".py") and is_file(place.root / path):
                return (posixpath.dirname(path),)  # a single file is put at the root of the package
            return (path,)
    return (place.folder,)


def _asset(resource: Resource, metadata: Mapping[str, Node]) -> Node | None:
    written = metadata.get(resource.logical_id)
    return written.get("aws:asset:path") if written is not None else None


def _layers(layers: Node | None, place: TemplatePlace) -> tuple[str, ...]:
    """The folders that the function's layers of this template put on Python's path."""
    references = [node.pattern for node in layers.listed() if node.pattern is not None] if layers else []
    return tuple(dict.fromkeys(place.layers[one] for one in references if one in place.layers))


def layer_folder(layer: Resource, metadata: Mapping[str, Node], root: Path, template: str) -> str | None:
    """The folder, relative to the application's folder `root`, that a layer of the file `template` puts on the path.

    A layer's content holds a folder `python`, unless `sam build` makes it (then the content is its own folder).
    `metadata` are those of all resources: the CDK's say where the content is.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html
    """
    asset = _asset(layer, metadata)
    content = asset or layer.properties.get("ContentUri") or layer.properties.get("Content")
    if content is None or not content.text or "://" in content.text:
        return None
    for below in ("python", "."):
        name = _path(posixpath.dirname(template), posixpath.join(content.text, below))
        folder = inside(root, name)
        if not isinstance(folder, Diagnostic) and is_folder(folder):
            return name
    return None


def _path(folder: str, written: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, written.replace("\\", "/")))
    return "" if joined == "." else joined


def _environment(resource: Resource) -> Mapping[str, Variable]:
    variables = resource.properties.get("Environment", "Variables")
    found: dict[str, Variable] = {}
    for name, node in (variables.mapping if variables else {}).items():
        value = node.pattern if node.pattern is not None else Pattern.fixed(f"{resource.logical_id}.{name}")
        place = whole_span(node)
        why = Reason(f"the environment variable {name} of {resource.logical_id} is {value}", place)
        found[name] = Variable(name, value, place, (why, *node.because))
    return found
