"""The functions of a Serverless Framework template.

Facts: https://www.serverless.com/framework/docs/providers/aws/guide/functions.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.model import Function, Role, Trigger, Variable
from sls_lab.template.serverless.generated_names import function_logical_id
from sls_lab.template.serverless.layers import find_layers
from sls_lab.template.serverless.plugin_handlers import plugin_handler
from sls_lab.template.serverless.service import ServerlessService, entries, keyed_span
from sls_lab.template.shared.handler_strings import handler_file, locate_handler, runs_python
from sls_lab.template.shared.node import Node

Language = Literal["python", "other"]


@dataclass(frozen=True, slots=True)
class Written:
    """One function as written, before anything of it is looked up."""

    name: str
    node: Node
    deployed_name: Pattern
    because: tuple[Reason, ...]

    @property
    def logical_id(self) -> str:
        """The logical id that the framework gives it."""
        return function_logical_id(self.name)

    @property
    def span(self) -> Span:
        """Its place, from its name to its end."""
        return keyed_span(self.node)


@dataclass(frozen=True, slots=True)
class _HandlerCode:
    """Where a function's code is."""

    handler: str | None
    file: str | None
    attribute: str | None
    code_root: str
    runtime: str | None
    language: Language
    span: Span


def written_functions(service: ServerlessService) -> Iterator[Written]:
    """The functions in the order written; one that is not a mapping is a diagnostic and left out."""
    for name, node in entries(service.get("functions"), service.log, "functions"):
        if not node.mapping:
            message = f"The function {name} is not a mapping, so it is not analysed: give it a handler."
            service.log.say("function-malformed", message, keyed_span(node))
            continue
        span = keyed_span(node)
        given = node.get("name")
        if given is not None and given.pattern is not None:
            why = (Reason(f"{name} is deployed as {given.pattern}", given.span), *given.because)
            yield Written(name, node, given.pattern, why)
            continue
        deployed = Pattern.of(service.name, "-", service.stage, f"-{name}")
        why = (Reason(f"{name} is deployed as {deployed}: service, stage and name", span),)
        yield Written(name, node, deployed, why)


def read_function(
    service: ServerlessService,
    written: Written,
    inherited: Mapping[str, Variable],
    triggers: tuple[Trigger, ...],
    role: Role,
) -> Function:
    """One function; `inherited` is the environment that all functions get."""
    code = _code(service, written)
    layers = find_layers(service, written.node) if code.language == "python" else ()
    return Function(
        name=written.name,
        logical_id=written.logical_id,
        deployed_name=written.deployed_name,
        template=service.file,
        handler=code.handler,
        file=code.file,
        attribute=code.attribute,
        code_root=code.code_root,
        layers=layers,
        runtime=code.runtime,
        language=code.language,
        inline_code=None,
        triggers=triggers,
        environment=_environment(service, written.node.get("environment"), inherited, written.name),
        role=role,
        span=written.span,
        handler_span=code.span,
        because=written.because,
        dead_letters=_dead_letters(service, written),
    )


def _dead_letters(service: ServerlessService, written: Written) -> tuple[Pattern, ...]:
    """https://www.serverless.com/framework/docs/providers/aws/guide/functions#dead-letter-queue-dlq"""
    node = written.node.get("onError")
    pattern = service.resolved(node).pattern if node is not None else None
    return (pattern,) if pattern is not None else ()


def provider_environment(service: ServerlessService) -> Mapping[str, Variable]:
    """The environment that all functions get."""
    return _environment(service, service.get("provider", "environment"), {}, "provider")


def _environment(
    service: ServerlessService, node: Node | None, inherited: Mapping[str, Variable], owner: str
) -> Mapping[str, Variable]:
    """The inherited variables with those of `node`; a null takes one away."""
    if node is None or node.value is None:
        return inherited
    found = dict(inherited)
    for part in node.listed():
        if not part.mapping and part.value is not None and not isinstance(part.value, Mapping):
            message = f"The environment of {owner} is not known here ({part.pattern}): write its variables as YAML."
            service.log.say("environment-unknown", message, part.span)
        for name, written in part.mapping.items():
            if written.value is None:
                found.pop(name, None)
                continue
            value = service.resolved(written)
            pattern = value.pattern
            if pattern is None:
                message = f"The variable {name} of {owner} is not a string, so its value is not known: write a string."
                service.log.say("environment-not-text", message, written.span)
                pattern = Pattern.fixed(f"{owner}.{name}")
            why = Reason(f"the environment variable {name} of {owner} is {pattern}", keyed_span(written))
            found[name] = Variable(name, pattern, keyed_span(written), (why, *value.because))
    return found


def _code(service: ServerlessService, written: Written) -> _HandlerCode:
    node, name = written.node, written.name
    runtime = _runtime(service, node)
    image = node.get("image")
    if image is not None and image.value is not None:
        message = f"The function {name} is a container image, so it is not analysed: package it as an archive."
        service.log.say("container-image", message, keyed_span(image))
        return _HandlerCode(None, None, None, service.folder, runtime, "other", keyed_span(image))
    handler = node.get("handler")
    if handler is None or handler.value is None:
        message = f"The function {name} has no handler, so it is not analysed: add handler: file.function."
        service.log.say("handler-missing", message, written.span)
        return _HandlerCode(None, None, None, service.folder, runtime, _language(runtime), written.span)
    shown = str(handler.pattern) if handler.pattern is not None else "handler"
    roots = _code_roots(service, node)
    if runtime is not None and _language(runtime) == "other" and not runs_python(runtime, service.root, roots, handler):
        message = f"The function {name} runs on {runtime}, so it is not analysed: look at it by other means."
        service.log.say("not-python", message, handler.span)
        return _HandlerCode(shown, None, None, service.folder, runtime, "other", handler.span)
    if handler.text is None:
        message = f"The handler of {name} is not known here ({shown}), so it is not analysed: write it out."
        service.log.say("handler-unknown", message, handler.span)
        return _HandlerCode(shown, None, None, service.folder, runtime, _language(runtime), handler.span)
    if runtime is None and handler_file(service.root, service.folder, handler.text) is None:
        message = f"The function {name} has no runtime, which means Node.js, so it is not analysed: add a runtime."
        service.log.say("not-python", message, handler.span)
        return _HandlerCode(shown, None, None, service.folder, None, "other", handler.span)
    named = plugin_handler(service, handler.text) or handler.text
    file, attribute, root = locate_handler(service.root, roots, named, handler.span, service.log)
    return _HandlerCode(shown, file, attribute, root, runtime, "python", handler.span)


def _runtime(service: ServerlessService, node: Node) -> str | None:
    for written in (node.get("runtime"), service.get("provider", "runtime")):
        if written is not None and written.pattern is not None:
            return str(written.pattern)
    return None


def _language(runtime: str | None) -> Language:
    """A runtime that is not known in full (a variable) is taken for Python: the code decides."""
    return "python" if runtime is None or runtime.startswith(("python", "{")) else "other"


def _code_roots(service: ServerlessService, node: Node) -> tuple[str, ...]:
    """The folders that the handler may be relative to, the likeliest first.

    `module` is the folder that serverless-python-requirements packages on its own
    (https://www.serverless.com/plugins/serverless-python-requirements).
    """
    module = node.get("module")
    if module is None or not module.text:
        return (service.folder,)
    folder = posixpath.normpath(posixpath.join(service.folder, module.text))
    return ("" if folder == "." else folder, service.folder)
