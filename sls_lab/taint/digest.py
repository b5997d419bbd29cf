"""What decides a report: two analyses with one digest have one result."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from sls_lab.taint.modelling import model_files
from sls_lab.taint.rules import taint_config
from sls_lab.taint.staging import StagedApp, Subject


def digest(app: StagedApp) -> str:
    """A SHA-256 over an application as it was staged, over what was found out about it, and over models and code.

    The names of the staged package and of the application's folder are left out: they decide nothing.
    """
    subject = app.subject
    parts = [
        _package_digest(),
        json.dumps(sorted(subject.sources)),
        *(f"{file}\0{rewritten.text}" for file, rewritten in sorted(subject.rewriting.files.items())),
        *(f"{file}\0{module.text}" for file, module in sorted(subject.code.modules.items())),
        *(f"{file}\0{text}" for file, text in sorted(subject.template.texts.items())),
        repr([(edge.source, edge.target, edge.status, edge.certain, edge.span, edge.via) for edge in subject.events.edges]),
        repr([(name, entry.kind) for name, entry in subject.events.entries.items()]),
        repr(sorted(subject.events.ignored)),
        repr([(function.name, function.role, function.file, function.attribute) for function in subject.template.functions]),
        repr(subject.template.subscriptions),
        repr(sorted(subject.code.unseen.items())),
    ]
    return hashlib.sha256("\0\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def subject_digest(subject: Subject) -> str:
    """The digest of a subject that is not staged yet."""
    return digest(StagedApp("", subject, {}, {}))


@cache
def _package_digest() -> str:
    """Over the models, the rules, and the code of this room and of the services it asks."""
    total = hashlib.sha256(json.dumps(taint_config()).encode())
    for file in model_files():
        total.update(f"{file.name}\0{file.text}\0".encode())
    for package in ("sls_lab.taint", "sls_lab.services"):
        for module in sorted(resources.files(package).iterdir(), key=lambda item: item.name):
            if _is_source(module):
                total.update(module.read_bytes())
    return total.hexdigest()


def _is_source(item: Traversable) -> bool:
    return item.is_file() and item.name.endswith(".py")
