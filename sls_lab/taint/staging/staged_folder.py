"""Lay out rewritten applications side by side in one folder, as Pysa wants them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sls_lab.code import Code, Receiver
from sls_lab.events.model import EntryKind, EventGraph
from sls_lab.facts import Offsets, Span
from sls_lab.rewrite import AnalysedText, Edit, Rewriting, RewrittenFile
from sls_lab.template import Template


@dataclass(frozen=True, slots=True)
class Subject:
    """One application's first four results, and the kinds of handlers whose events are sources.

    `models` are Pysa models of its user's own; they name the application's functions as its own files import them.
    `trust_recording` lets a recording in its folder count that is not one of the kit's own examples.
    """

    template: Template
    code: Code
    events: EventGraph
    rewriting: Rewriting
    sources: frozenset[EntryKind]
    models: str = ""
    trust_recording: bool = False


class StagedFile:
    """One file as Pysa reads it, and the way back to the original."""

    def __init__(self, staged: str, rewritten: RewrittenFile) -> None:
        """`staged` is its path in the folder that Pysa reads."""
        self.file = rewritten.file
        self.staged = staged
        self.original = rewritten.original
        self._analysed = AnalysedText(rewritten)
        self.text = self._analysed.text
        self._lines = self.text.split("\n")
        self._offsets = Offsets(self.text)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of the original, in the order of their places."""
        return self._analysed.edits

    @property
    def lines(self) -> int:
        """How many lines the staged text has; after a final line end there is one more, empty."""
        return len(self._lines)

    def offset(self, line: int, column: int) -> int:
        """The offset in the staged text of a place as Pysa gives it: line from 1, column from 0 in bytes."""
        if line > len(self._lines):
            return len(self.text)
        characters = len(self._lines[line - 1].encode()[:column].decode(errors="ignore"))
        return self._offsets.offset(line, characters)

    def origin(self, start: int, end: int) -> Span:
        """Where the staged text from `start` to `end` (offsets) comes from in the original file."""
        return self._analysed.origin(start, end)

    def edit_at(self, offset: int) -> Edit | None:
        """The edit of the original that wrote the staged text at `offset`, None where the application did."""
        return self._analysed.edit_at(offset)


@dataclass(frozen=True, slots=True)
class StagedApp:
    """One application in the staging folder. `handlers` gives each handler's receivers as Pysa names them.

    `left_out` are files that the analyser cannot deal with, each by its path in the staging folder.
    """

    package: str
    subject: Subject
    files: Mapping[str, StagedFile]
    handlers: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, StagedFile] = field(default_factory=dict)

    def without(self, staged: str) -> StagedApp:
        """The application without one more file."""
        files = {name: file for name, file in self.files.items() if name != staged}
        return replace(self, files=files, left_out={**self.left_out, staged: self.files[staged]})

    def receivers(self, name: str) -> tuple[Receiver, ...]:
        """The functions that are given data of a handler's events, in the order of its callables."""
        entry = self.subject.rewriting.entries.get(name)
        return (*self.subject.code.handlers[name].receivers, *(() if entry is None else (entry,)))

    def sources(self, name: str) -> tuple[tuple[Receiver, str], ...]:
        """Those of them at which data come in, with their callables: an entry calls all others itself."""
        pairs = tuple(zip(self.receivers(name), self.handlers[name], strict=True))
        entry = self.subject.rewriting.entries.get(name)
        return pairs if entry is None else tuple(pair for pair in pairs if pair[0] is entry)

    def answering(self, name: str) -> frozenset[str]:
        """The callables whose results go back to whoever sent a handler a request."""
        if not any(trigger.is_answered for trigger in self.subject.template.function(name).triggers):
            return frozenset()
        pairs = zip(self.subject.code.handlers[name].receivers, self.handlers[name], strict=False)
        return frozenset(
            callable_name
            for receiver, callable_name in pairs
            if receiver.answers and not isinstance(receiver.definition, ast.Lambda)
        )

    @property
    def unreadable(self) -> frozenset[str]:
        """The callables that no model can name: Pysa's language has ASCII letters alone."""
        return frozenset(
            callable_name
            for name, callables in self.handlers.items()
            for receiver, callable_name in zip(self.receivers(name), callables, strict=True)
            if not "".join((callable_name, *receiver.parameters)).isascii()
        )

    @property
    def routes(self) -> frozenset[str]:
        """The callables that are given parts of a request."""
        return frozenset(
            callable_name
            for name, callables in self.handlers.items()
            for receiver, callable_name in zip(self.receivers(name), callables, strict=True)
            if receiver.is_route
        )

    @property
    def models(self) -> str:
        """The user's own models, in which the application's functions have their names in the staging folder."""
        modules = self.subject.code.modules
        staged = {name: self.subject.rewriting.modules[file] for file, one in modules.items() for name in one.names}
        names = "|".join(map(re.escape, sorted(staged, key=len, reverse=True)))
        if not names:
            return self.subject.models
        return re.sub(
            rf"(?<![\w.])({names})(?=\.)", lambda name: f"{self.package}.{staged[name[1]]}", self.subject.models
        )


def stage(number: int, subject: Subject) -> StagedApp:
    """Prepare one application as the package `app_<number>`; writes nothing."""
    package = f"app_{number:02d}"
    modules = subject.rewriting.modules
    files = {}
    for file, rewritten in subject.rewriting.files.items():
        staged = "/".join([package, *modules[file].split(".")])
        staged += "/__init__.py" if file.endswith("/__init__.py") else ".py"
        files[staged] = StagedFile(staged, rewritten)
    app = StagedApp(package, subject, files, {})
    handlers = {
        name: tuple(f"{package}.{modules[one.file]}.{one.qualified}" for one in app.receivers(name))
        for name in subject.code.handlers
    }
    return replace(app, handlers=handlers)


def write_stage(folder: Path, apps: Sequence[StagedApp]) -> None:
    """Write the staged files and the packages around them below `folder`. Raises OSError."""
    for app in apps:
        for staged in app.files.values():
            path = folder / staged.staged
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(staged.text, encoding="utf-8", newline="")
        root = folder / app.package
        root.mkdir(exist_ok=True)
        for inner in (root, *(path for path in root.rglob("*") if path.is_dir())):
            (inner / "__init__.py").touch()
