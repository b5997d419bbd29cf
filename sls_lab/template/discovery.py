"""Which files of a folder are templates: each is read, or a diagnostic names it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sls_lab.facts import Diagnostic
from sls_lab.template.serverless.generated_names import function_logical_id
from sls_lab.template.shared.application_files import find_words, read_bytes, read_text
from sls_lab.template.shared.folder_walk import Folder, join, top, walk_folders
from sls_lab.template.shared.other_tools import other_tools
from sls_lab.template.shared.raw_tree import Parsed
from sls_lab.template.shared.template_kind import (
    LARGE_WORDS,
    SERVERLESS_NAMES,
    DeclaredFunction,
    Looked,
    TemplateKind,
    look_at,
    may_be_large_template,
)

_PROGRAMS: Final[tuple[str, ...]] = ("serverless.ts", "serverless.js", "serverless.cjs", "serverless.mjs")
_ENDINGS: Final = (".yml", ".yaml", ".json", ".template")
MAX_LOOKED_INTO: Final = 512 * 1024 * 1024  #: bytes of all files together


@dataclass(frozen=True, slots=True)
class FoundTemplates:
    """The templates by name (relative, in order), each with its kind, and what was wrong with others.

    `pieces` hold resources for a `serverless.yml` that may include them. `parsed` are the templates' documents.
    """

    templates: Mapping[str, TemplateKind]
    diagnostics: tuple[Diagnostic, ...]
    pieces: tuple[str, ...] = ()
    parsed: Mapping[str, Parsed] = field(default_factory=dict)


def find_templates(root: Path) -> FoundTemplates:
    """The templates in `root` and below, nearest first, those in folders that programs write last.

    A file is a template by its document, not by its name. What is not read is named: as an error where something of
    it may be missing in the analysis; as a warning or a note where all of its functions are in another template that
    is read (a second configuration beside a `serverless.yml`, a copy in a build folder).
    """
    search = _Search(root)
    folders = list(walk_folders(root, search.diagnostics))
    built = [folder for folder in folders if folder.is_built]
    sources = [folder for folder in folders if not folder.is_built]
    for group in (sources, built):
        for folder in group:
            search.take_configuration(folder)
        for folder in group:
            search.take_others(folder)
    search.diagnostics.extend(other_tools(root, folders, list(search.templates)))
    # Those of the Serverless Framework come first: what they include may be among the others.
    ordered = sorted(search.templates.items(), key=lambda item: item[1] != "serverless")
    return FoundTemplates(dict(ordered), tuple(search.diagnostics), tuple(search.pieces), search.parsed)


def kind_of(file: str, data: bytes) -> TemplateKind:
    """The kind of a file that was asked for by name."""
    looked = look_at(file, data)
    return looked.kind if looked is not None else "cloudformation"


@dataclass(slots=True)
class _Search:
    root: Path
    templates: dict[str, TemplateKind] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    parsed: dict[str, Parsed] = field(default_factory=dict)
    _read: dict[str, bytes] = field(default_factory=dict)  # the bytes of each template
    _declared: dict[str, frozenset[DeclaredFunction] | None] = field(default_factory=dict)
    _bytes: int = 0

    def take_configuration(self, folder: Folder) -> None:
        """What the Serverless Framework takes for a folder's configuration."""
        names = [name for name in SERVERLESS_NAMES if name in folder.names]
        for name in names[:1]:
            self._take(folder, join(folder.path, name))
        for name in _PROGRAMS:
            if name in folder.names:
                file = join(folder.path, name)
                if names:
                    message = f"{file} is a program beside {names[0]}, which counts: remove one of them."
                    self._say("two-templates", message, file)
                else:
                    message = f"{file} is a program and is never run, so it is not analysed: write a serverless.yml."
                    self._say("template-program", message, file)

    def take_others(self, folder: Folder) -> None:
        """All other templates of a folder."""
        first = next((name for name in SERVERLESS_NAMES if name in folder.names), None)
        for name in sorted(folder.names):
            if name.lower().endswith(_ENDINGS) and name != first:
                self._take(folder, join(folder.path, name))

    def _take(self, folder: Folder, file: str) -> None:
        data = read_bytes(self.root, file)
        if isinstance(data, Diagnostic):
            self._refused(file, data)
            return
        self._bytes += len(data)
        if self._bytes > MAX_LOOKED_INTO:
            if self._bytes - len(data) <= MAX_LOOKED_INTO:
                message = (
                    f"The search for templates ended after {MAX_LOOKED_INTO:,} bytes, so {file} and what comes after "
                    "it are not seen: analyse a smaller folder."
                )
                self._say("search-stopped", message, file)
            return
        looked = look_at(file, data)
        if looked is None:
            return
        text = read_text(self.root, file)
        if isinstance(text, Diagnostic):
            self.diagnostics.append(replace(text, span=text.span or top(file)))
        elif looked.in_later_document:
            message = f"{file} holds a template after its first document, which alone is read: split the file."
            self._say("later-document", message, file)
        elif looked.is_piece:
            self.pieces.append(file)
        elif not self._is_repeated(folder, file, looked, data):
            self.templates[file] = looked.kind
            self.parsed[file] = looked.parsed
            self._read[file] = data
            self._declared[file] = looked.functions

    def _is_repeated(self, folder: Folder, file: str, looked: Looked, data: bytes) -> bool:
        """Whether everything that `file` declares is in a template that is read; if so, that gives a diagnostic."""
        beside = self._beside(folder) if looked.kind == "serverless" else None
        if beside is not None and _within(looked.functions, self._declared[beside]):
            message = f"{file} configures what {beside} does, which counts: to analyse it, give --template."
            self._say("two-templates", message, file)
            return True
        if not folder.is_built:
            return False
        original = next((other for other, known in self._read.items() if known == data), None)
        if original is None and folder.is_output and self._read:
            original = next(iter(self._read)) if _within(looked.functions, self._deployed()) else None
        if original is not None:
            message = f"{file} is a copy of what is in {original}, which is read: to analyse it, give --template."
            self._say("template-copy", message, file)
        return original is not None

    def _beside(self, folder: Folder) -> str | None:
        """The configuration of the Serverless Framework that is read in this folder."""
        own = (file for file, kind in self.templates.items() if kind == "serverless")
        return next((file for file in own if posixpath.dirname(file) == folder.path), None)

    def _deployed(self) -> frozenset[DeclaredFunction]:
        """All functions that are read, also as the Serverless Framework writes them into its output."""
        found = frozenset(one for declared in self._declared.values() for one in declared or ())
        return found | {DeclaredFunction(function_logical_id(function.name), function.handler) for function in found}

    def _refused(self, file: str, why: Diagnostic) -> None:
        """A file that cannot be read may be a template, unless it points to nothing or has no words of one."""
        if why.code == "file-missing" and not (self.root / file).exists():
            message = f"{file} is a link that leads nowhere: remove it or correct its target."
            self._say("link-broken", message, file)
        elif why.code != "file-too-large" or may_be_large_template(find_words(self.root, file, LARGE_WORDS)):
            self.diagnostics.append(replace(why, span=why.span or top(file)))

    def _say(self, code: str, message: str, file: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, top(file)))


def _within(functions: frozenset[DeclaredFunction] | None, others: frozenset[DeclaredFunction] | None) -> bool:
    """Whether all of the functions are among the others; not where one of both is not known."""
    return functions is not None and others is not None and functions <= others


def applications(templates: Iterable[str]) -> tuple[str, ...]:
    """The folders of the applications that have these templates: theirs, without those below another one's."""
    folders = sorted({posixpath.dirname(file) for file in templates}, key=lambda folder: folder.count("/"))
    found: list[str] = []
    for folder in folders:
        if not any(not other or folder.startswith(f"{other}/") for other in found):
            found.append(folder)
    return tuple(sorted(found))
