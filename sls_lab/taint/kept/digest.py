"""What decides a report: two runs with one digest have one result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from sls_lab.rewrite import AnalysedText
from sls_lab.taint.rules import taint_config
from sls_lab.taint.staging.model_files import model_files
from sls_lab.taint.staging.staged_folder import Subject
from sls_lab.taint.staging.typeshed import head

#: The walk, up to this room.
ROOMS = ("facts", "python", "aws", "template", "code", "events", "services", "rewrite", "taint")


def run_digest(subject: Subject) -> str:
    """A SHA-256 over all that decides a report: the application, what was found out about it, models and code."""
    return _sha256(
        _package_digest(),
        *_application(subject),
        *(f"{file}\0{AnalysedText(one).text}" for file, one in sorted(subject.rewriting.files.items())),
        repr([(edge.source, edge.target, edge.status, edge.span, edge.via) for edge in subject.events.edges]),
        repr([(name, entry.kind) for name, entry in subject.events.entries.items()]),
        repr([(function.role, function.file, function.attribute) for function in subject.template.functions]),
        repr(subject.template.subscriptions),
        repr(sorted((name, reason.message) for name, reason in subject.code.unseen.items())),
    )


def application_digest(subject: Subject) -> str:
    """A SHA-256 over the application, the options it was read with, and whether it was rewritten.

    Another version of the kit gives the same.
    """
    rewritten = any(file.edits for file in subject.rewriting.files.values())
    return _sha256(*_application(subject), json.dumps(rewritten))


def _application(subject: Subject) -> Iterator[str]:
    template = subject.template
    yield json.dumps([sorted(subject.sources), sorted(subject.events.ignored)])
    for file, text in sorted({**template.texts, **{m.file: m.text for m in subject.code.modules.values()}}.items()):
        yield f"{file}\0{with_line_feeds(text)}"
    # What could not be read is not among the sources; the line at which it fails represents it. Columns and messages
    # are another Python's own.
    for name, reason in sorted(subject.code.unseen.items()):
        yield json.dumps([name, reason.code, reason.span and reason.span.place])
    if subject.models:
        yield subject.models
    for function in template.functions:
        yield json.dumps([function.name, *((name, str(one.value)) for name, one in function.environment.items())])


def with_line_feeds(text: str) -> str:
    """A text whose lines end as on every system but Windows, where editors and Git may have written others."""
    return text.replace("\r\n", "\n")


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\0\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _package_digest() -> str:
    """Over the models, the rules, the stubs, and the code of all rooms: each has its part in what is found."""
    total = hashlib.sha256(json.dumps(taint_config()).encode())
    for file in model_files():
        total.update(f"{file.name}\0{file.text}\0".encode())
    total.update(head().encode())
    for room in ROOMS:
        for module in modules(resources.files(f"sls_lab.{room}")):
            total.update(module.read_bytes())
    return total.hexdigest()


def modules(folder: Traversable) -> Iterator[Traversable]:
    """The Python files and stubs in a folder and in those below it, in an order of their own."""
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from modules(item)
        elif item.name.endswith((".py", ".pyi")):
            yield item
