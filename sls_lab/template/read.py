"""Find the templates of a folder and read them as one application."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sls_lab.facts import Diagnostic, Span, UnreadableApplication
from sls_lab.template.cloudformation.stack_template import read_cloudformation
from sls_lab.template.discovery import FoundTemplates, applications, find_templates, kind_of
from sls_lab.template.model import Function, Options, StateMachine, Template
from sls_lab.template.serverless.service_template import read_serverless
from sls_lab.template.shared.application_files import read_bytes
from sls_lab.template.shared.exchange import linked
from sls_lab.template.shared.stack_links import NOTHING_GIVEN, Given
from sls_lab.template.shared.template_kind import TemplateKind
from sls_lab.template.shared.template_part import TemplatePart
from sls_lab.template.shared.unique_names import separate

#: Separate folders of templates that are read as one application; a repository with more is a collection of them.
MOST_TOGETHER: Final = 12
MOST_TOLD: Final = 5
#: A stack has at most 500 resources
#: (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
MOST_FUNCTIONS: Final = 5_000


def read_template(root: Path, options: Options | None = None) -> Template:
    """All templates in the folder `root` and below it, read and resolved as one application.

    `options.templates` restricts it to these files. Functions of the same name in two templates are called
    `template-path:name`. What cannot be read is a diagnostic, and the rest goes on.
    Raises UnreadableApplication where `root` is not a folder, holds no template or a whole collection of applications,
    or lacks a template that was asked for.
    """
    options = options or Options()
    if not root.exists():
        raise UnreadableApplication(f"There is no folder {root}: name the folder that holds the serverless.yml.")
    if not root.is_dir():
        raise UnreadableApplication(f"{root} is not a folder: name the folder that holds the serverless.yml.")
    root = root.resolve()
    found = _asked_for(root, options) if options.templates else find_templates(root)
    _refuse_what_is_no_application(root, found, options)
    parsed = dict(found.parsed)

    def read(file: str, given: Given) -> TemplatePart:
        if found.templates.get(file) == "serverless":
            return read_serverless(root, file, options, given, parsed)
        return read_cloudformation(root, file, options, given, parsed)

    parts: dict[str, TemplatePart] = {}
    included: set[str] = set()
    for file in found.templates:
        if file in included and file not in options.templates:
            continue  # a piece of a `serverless.yml` that looks like a template
        part = read(file, NOTHING_GIVEN)
        included.update(part.texts)
        parts[file] = part
    diagnostics = [*found.diagnostics, *(_not_included(file) for file in found.pieces if file not in included)]
    together = linked(parts, read)
    return _application(root, together, [*diagnostics, *_too_many(together)])


def find_applications(root: Path) -> tuple[str, ...]:
    """The folders of the applications in `root`, relative to it; empty if there is no template."""
    return applications(find_templates(root.resolve()).templates) if root.is_dir() else ()


def _refuse_what_is_no_application(root: Path, found: FoundTemplates, options: Options) -> None:
    if not found.templates and all(diagnostic.code == "other-tool" for diagnostic in found.diagnostics):
        needed = "a serverless.yml, a SAM or a CloudFormation template is needed"
        told = [diagnostic.message.removesuffix(".") for diagnostic in found.diagnostics]
        instead = f"; {'; '.join(told[:MOST_TOLD])}" if told else ""
        raise UnreadableApplication(f"{root} holds no template: {needed}{instead}.")
    several = applications(found.templates)
    if len(several) > MOST_TOGETHER and not options.templates:
        named = ", ".join(several[:MOST_TOLD])
        raise UnreadableApplication(
            f"{root} holds {len(several)} applications ({named} and {len(several) - MOST_TOLD} more), more than are "
            "read as one: name some of them, give --each to analyse one after the other, or choose with --template."
        )


def _not_included(file: str) -> Diagnostic:
    message = (
        f"{file} has resources for a serverless.yml, but none that is read includes it: include it by ${{file(…)}}."
    )
    return Diagnostic("piece-not-included", message, Span(file, 1, 0, 1, 0))


def _too_many(parts: Iterable[TemplatePart]) -> Iterator[Diagnostic]:
    """One error where functions are left out for their number."""
    functions = [function for part in parts for function in part.functions]
    if len(functions) > MOST_FUNCTIONS:
        message = (
            f"There are {len(functions):,} functions, of which the first {MOST_FUNCTIONS:,} are read: analyse a "
            "smaller part."
        )
        yield Diagnostic("too-many-functions", message, functions[MOST_FUNCTIONS].span)


def _asked_for(root: Path, options: Options) -> FoundTemplates:
    templates: dict[str, TemplateKind] = {}
    diagnostics: list[Diagnostic] = []
    for name in options.templates:
        file = posixpath.normpath(name.replace("\\", "/"))
        data = read_bytes(root, file)
        if isinstance(data, bytes):
            templates[file] = kind_of(file, data)
        elif data.code in ("file-missing", "path-outside"):
            raise UnreadableApplication(data.message)
        else:
            diagnostics.append(replace(data, span=data.span or Span(file, 1, 0, 1, 0)))
    return FoundTemplates(templates, tuple(diagnostics))


def _application(root: Path, parts: list[TemplatePart], diagnostics: Iterable[Diagnostic]) -> Template:
    parts = separate(_distinct(parts))
    texts: dict[str, str] = {}
    for part in parts:
        texts.update(part.texts)
    return Template(
        root=root,
        kind=parts[0].kind if parts else "serverless",
        files=tuple(part.files[0] for part in parts),
        texts=texts,
        functions=tuple(function for part in parts for function in part.functions)[:MOST_FUNCTIONS],
        resources=tuple(resource for part in parts for resource in part.resources),
        relays=tuple(relay for part in parts for relay in part.relays),
        subscriptions=tuple(subscription for part in parts for subscription in part.subscriptions),
        state_machines=tuple(machine for part in parts for machine in part.state_machines),
        resolutions=tuple(resolution for part in parts for resolution in part.resolutions),
        diagnostics=tuple(dict.fromkeys((*diagnostics, *(d for part in parts for d in part.diagnostics)))),
        layers=tuple(dict.fromkeys(layer for part in parts for layer in part.layers)),
    )


def _distinct(parts: list[TemplatePart]) -> list[TemplatePart]:
    """The parts with names that only one function has."""
    counts = Counter(function.name for part in parts for function in part.functions)
    if all(count == 1 for count in counts.values()):
        return parts
    return [_renamed(part, counts) for part in parts]


def _renamed(part: TemplatePart, counts: Mapping[str, int]) -> TemplatePart:
    names = {
        function.name: f"{function.template}:{function.name}"
        for function in part.functions
        if counts[function.name] > 1
    }
    functions: list[Function] = [
        replace(function, name=names.get(function.name, function.name)) for function in part.functions
    ]
    machines = tuple(_with_names(machine, names) for machine in part.state_machines)
    return replace(part, functions=tuple(functions), state_machines=machines)


def _with_names(machine: StateMachine, names: Mapping[str, str]) -> StateMachine:
    states = {
        key: replace(state, function=names.get(state.function, state.function)) if state.function else state
        for key, state in machine.states.items()
    }
    return replace(machine, states=states)
